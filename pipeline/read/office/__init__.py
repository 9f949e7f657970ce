"""Word (`.docx`) and OpenDocument text (`.odt`): packages of XML, opened with care."""
