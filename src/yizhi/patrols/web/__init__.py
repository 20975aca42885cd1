"""Pages: rounds on the phone, the day and the register at the desk."""
