/** A part of a page that may break without taking the rest along. */

import { Component, type ComponentChildren } from "preact";

interface Props {
  class: string;
  /** What is said in its place, and on the button that tries again. */
  words: () => { broken: string; again: string };
  children: ComponentChildren;
}

export class Apart extends Component<Props, { trouble: string }> {
  override state = { trouble: "" };

  static override getDerivedStateFromError(error: unknown): { trouble: string } {
    console.error(error);
    return { trouble: String(error) };
  }

  override render() {
    const { trouble } = this.state;
    if (!trouble) return this.props.children;
    const { broken, again } = this.props.words();
    return (
      <section class={`${this.props.class} broken`} role="alert">
        <p>{broken}</p>
        <code>{trouble}</code>
        <button type="button" class="button" onClick={() => this.setState({ trouble: "" })}>
          {again}
        </button>
      </section>
    );
  }
}
