"""Reports as they look: one page for browsers and paper, PDF, a workbook, and comma-separated rows."""
