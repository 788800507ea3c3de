//! The authorization server, from the applications' side, over real HTTP.

mod assertions;
mod attacks;
mod authorize;
mod backchannel;
mod codes;
mod consent;
mod counted_refusals;
mod devices;
mod doors;
mod dpop;
mod filling;
mod forgetting;
mod frontchannel;
mod giving_up;
mod groups;
mod other_grants;
mod parser;
mod pushed;
mod refresh;
mod refusals;
mod registration;
mod remembering;
mod sign_out;
mod wishes;
pub mod world;
