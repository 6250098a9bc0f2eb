//! Reads rule files; reports every problem at once.
