//! The HTTP server for agents that answer later.
