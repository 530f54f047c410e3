use std::fmt;

use chengjing_domain::ledger::Hash;
use ring::digest::{Context, SHA256};

/// SHA-256 of bytes that come one after the other: ring's, which uses what a processor has for it as openssl does.
#[derive(Clone)]
pub(super) struct Hasher(Context);

impl Hasher {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> Hash {
        let mut hash = [0; 32];
        hash.copy_from_slice(self.0.finish().as_ref());
        Hash(hash)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_come_in_pieces_have_the_hash_of_all_of_them() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
        for piece in [1, 63, 64, 65, 4_096, 100_000] {
            let mut hasher = Hasher::new();
            bytes.chunks(piece).for_each(|some| hasher.update(some));
            assert_eq!(hasher.clone().finish(), Hash::of(&bytes));
        }
        assert_eq!(Hasher::new().finish(), Hash::of(&[]));
    }
}
