"""Writes about people and teams: plain functions, keyword-only, one transaction each."""
