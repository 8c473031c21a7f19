//! Bad inputs: what the operator and the chat user are told of each, kept as a snapshot.
//!
//! | file | what is bad |
//! |---|---|
//! | `agents` | the agent's answer, or the way to it |
//! | `commands` | arguments for a running gateway |
//! | `installs` | packages and registries |
//! | `plugins` | the code of a plugin |
//! | `told` | what is kept of what was said |
//! | `catalogue` | rules that all of them obey, those of `ocg-cli/tests` included |

mod agents;
mod catalogue;
mod commands;
mod installs;
mod plugins;
mod told;
