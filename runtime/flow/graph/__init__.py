"""Pictures of flows: a graph of what a designer thinks in, its layout, SVG, Mermaid and DOT."""
