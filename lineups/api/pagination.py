"""Lists come in pages."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Twenty at a time, or as many as asked for up to a hundred."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
