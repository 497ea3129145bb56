"""What all pages share: the request, the rendering, the frame around a page, labels and formats."""
