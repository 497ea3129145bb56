"""The parts that all pages share: request, rendering, the frame around a page, labels and formats."""
