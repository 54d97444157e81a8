"""What is read for insights: agreement in a session, and a school's page."""

from insights.queries.session import SessionAgreement, agreement_figures, session_agreement

__all__ = ["SessionAgreement", "agreement_figures", "session_agreement"]
