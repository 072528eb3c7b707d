"""What all pages and drawings share: elements of SVG, and the frame of a self-contained page."""
