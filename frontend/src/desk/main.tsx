import { render } from "preact";
import "../theme.css";
import "../theme";
import { keepAddress } from "./address";
import { App } from "./app";
import { keys } from "./keys";

keepAddress();
const page = document.getElementById("page");
if (page) render(<App />, page);
addEventListener("keydown", keys);
