import { render } from "preact";
import { App } from "./app";
import { start } from "./live";
import { keys } from "./phone/help";
import { firstPerson } from "./phone/reset";
import "./phone/title";
import { tried } from "./toasts";
import "./theme.css";
import "./theme";

const page = document.getElementById("page");
if (page) render(<App />, page);
addEventListener("keydown", keys);
void start(async () => void (await tried(firstPerson())));
