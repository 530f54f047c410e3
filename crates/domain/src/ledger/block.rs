use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::{Hash, canonical, root};

/// What the first block names as the block before it.
pub const GENESIS: Hash = Hash([0; 32]);

/// Entries sealed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// From 1, without a gap.
    pub height: u64,
    /// Cut to microseconds.
    pub sealed_at: DateTime<Utc>,
    /// The hash of the block before; [`GENESIS`] for the first.
    pub previous: Hash,
    /// The root of the Merkle tree over its entries.
    pub root: Hash,
    pub count: u32,
}

impl Block {
    /// Seals entries behind `previous`: the newest block's height and hash, or None for the first block.
    pub fn seal(previous: Option<(u64, Hash)>, sealed_at: DateTime<Utc>, entries: &[Hash]) -> Self {
        let (height, previous) = previous.map_or((1, GENESIS), |(height, hash)| (height + 1, hash));
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        Self { height, sealed_at, previous, root: root(entries), count }
    }

    pub fn hash(&self) -> Hash {
        let text = canonical(&json!({
            "height": self.height,
            "sealed_at": self.sealed_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "previous": self.previous,
            "root": self.root,
            "count": self.count,
        }));
        Hash::of(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_names_the_one_before_it() {
        let at = DateTime::from_timestamp(0, 0).expect("a moment");
        let first = Block::seal(None, at, &[Hash([1; 32])]);
        assert_eq!((first.height, first.previous, first.count), (1, GENESIS, 1));
        let second = Block::seal(Some((first.height, first.hash())), at, &[]);
        assert_eq!((second.height, second.previous), (2, first.hash()));
        assert_ne!(
            second.hash(),
            Block { sealed_at: at + chrono::Duration::seconds(1), ..second.clone() }.hash()
        );
    }
}
