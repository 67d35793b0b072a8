"""Source enrolment."""
