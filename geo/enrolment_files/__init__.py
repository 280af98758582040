"""Reading any enrolment table: containers, header, roles, styles, and what becomes of each row."""
