"""From labelled portraits to the linear probes that ``pipeline.reading`` ships."""
