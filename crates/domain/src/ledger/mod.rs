//! `ledger`: who did what to which thing, and the proof that nothing of it was altered.
//!
//! Each act is an [`Entry`] with the hash of its subject as stored afterwards. Entries are sealed into [`Block`]s that
//! carry the hash of the block before and the root of a Merkle tree over their entries, so that one entry can be proven
//! to an outsider who holds only a block's hash (printed on every bulletin) and sees no other entry.

mod block;
mod canonical;
mod entry;
mod hash;
mod merkle;

pub use block::{Block, GENESIS};
pub use canonical::{canonical, hash_of};
pub use entry::{Act, Author, AuthorFault, Effect, Entry, Subject, SubjectKind};
pub use hash::{Hash, HashFault};
pub use merkle::{Proof, prove, root};
