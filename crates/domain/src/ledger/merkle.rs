//! The Merkle tree of RFC 6962 (certificate transparency): leaves and nodes are hashed apart, so that no node can be
//! passed off as an entry; a tree of any size splits at the largest power of two below it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Hash;

/// The root over the entries' hashes, in order. No entries: the hash of nothing.
pub fn root(entries: &[Hash]) -> Hash {
    match entries {
        [] => Hash::of(&[]),
        [one] => leaf(*one),
        many => {
            let (left, right) = many.split_at(split(many.len()));
            node(root(left), root(right))
        }
    }
}

/// What an outsider needs besides an entry and its block's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The entry's place in the block, from 0.
    pub index: usize,
    /// The block's entries.
    pub count: usize,
    /// The hashes beside the way from the entry up to the root.
    pub path: Vec<Hash>,
}

/// The proof for the entry at `index`; None where there is no such entry.
pub fn prove(entries: &[Hash], index: usize) -> Option<Proof> {
    if index >= entries.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut rest, mut at) = (entries, index);
    while rest.len() > 1 {
        let (left, right) = rest.split_at(split(rest.len()));
        if at < left.len() {
            path.push(root(right));
            rest = left;
        } else {
            path.push(root(left));
            at -= left.len();
            rest = right;
        }
    }
    path.reverse();
    Some(Proof { index, count: entries.len(), path })
}

impl Proof {
    /// Whether the entry with this hash stands in the block with this root.
    pub fn holds(&self, entry: Hash, expected: Hash) -> bool {
        if self.index >= self.count {
            return false;
        }
        let mut turns = Vec::new();
        let (mut size, mut at) = (self.count, self.index);
        while size > 1 {
            let left = split(size);
            let goes_left = at < left;
            turns.push(goes_left);
            (size, at) = if goes_left { (left, at) } else { (size - left, at - left) };
        }
        if turns.len() != self.path.len() {
            return false;
        }
        let beside = self.path.iter().zip(turns.iter().rev());
        let found =
            beside.fold(
                leaf(entry),
                |below, (beside, goes_left)| {
                    if *goes_left { node(below, *beside) } else { node(*beside, below) }
                },
            );
        found == expected
    }
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

fn leaf(entry: Hash) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry.0).finalize().into())
}

fn node(left: Hash, right: Hash) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashes(count: usize) -> Vec<Hash> {
        (0..count).map(|n| Hash::of(&n.to_be_bytes())).collect()
    }

    #[test]
    fn the_empty_root_is_the_one_that_rfc_6962_gives() {
        assert_eq!(root(&[]).to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    proptest! {
        #[test]
        fn every_entry_can_be_proven_and_no_other_passes(count in 1usize..70, at in 0usize..70, other in 0usize..70) {
            let entries = hashes(count);
            let at = at % count;
            let root = root(&entries);
            let proof = prove(&entries, at).expect("the entry is there");
            prop_assert!(proof.holds(entries[at], root));
            let stranger = Hash::of(b"stranger");
            prop_assert!(!proof.holds(stranger, root));
            let mut moved = proof.clone();
            moved.index = other;
            prop_assert!(other == at || !moved.holds(entries[at], root));
            let mut cut = proof;
            if cut.path.pop().is_some() {
                prop_assert!(!cut.holds(entries[at], root));
            }
        }

        #[test]
        fn swapping_two_entries_changes_the_root(count in 2usize..70, a in 0usize..70, b in 0usize..70) {
            let entries = hashes(count);
            let mut swapped = entries.clone();
            swapped.swap(a % count, b % count);
            prop_assert_eq!(root(&entries) == root(&swapped), a % count == b % count);
        }
    }
}
