//! Which addresses a webhook may reach. Whoever enters its URL chooses where this server knocks; without these rules that
//! could be the metadata service of a cloud, a router, or a database of the house.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
    time::Duration,
};

/// A network by its first address and the length of its prefix: `10.1.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    length: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a network such as 10.1.0.0/16 or fd00::/8")]
pub struct NetworkFault;

impl FromStr for Network {
    type Err = NetworkFault;

    fn from_str(text: &str) -> Result<Self, NetworkFault> {
        let (first, length) = match text.trim().split_once('/') {
            Some((first, length)) => (first, Some(length)),
            None => (text.trim(), None),
        };
        let first: IpAddr = first.parse().map_err(|_| NetworkFault)?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(most), str::parse).map_err(|_| NetworkFault)?;
        if length > most { Err(NetworkFault) } else { Ok(Self { first, length }) }
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.length);
                u64::from(u32::from(first)) >> shift == u64::from(u32::from(address)) >> shift
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.length);
                let part = |ip: Ipv6Addr| u128::from(ip).checked_shr(shift).unwrap_or(0);
                part(first) == part(address)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// What the administrator lets webhooks reach beside the public internet over TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Networks of the house.
    pub networks: Vec<Network>,
    /// Hosts that may be told without TLS.
    pub plain_hosts: Vec<String>,
    /// The longest that a receiver is waited for.
    pub patience: Duration,
}

impl Default for Reach {
    fn default() -> Self {
        Self { networks: Vec::new(), plain_hosts: Vec::new(), patience: Duration::from_secs(15) }
    }
}

impl Reach {
    /// Whether a webhook may be sent to that address.
    pub fn allows(&self, address: IpAddr) -> bool {
        // An IPv4 address in the clothes of IPv6 is what it is underneath.
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.holds(address)) || is_public(address)
    }

    /// Whether that host may be spoken to without TLS.
    pub fn allows_plain(&self, host: &str) -> bool {
        self.plain_hosts.iter().any(|plain| plain.eq_ignore_ascii_case(host))
    }
}

/// The special-purpose registries of IANA (RFC 6890 and its successors), read strictly: what is not plainly a host on
/// the internet is not public.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            const CLOSED: [(Ipv4Addr, u8); 15] = [
                (Ipv4Addr::new(0, 0, 0, 0), 8),
                (Ipv4Addr::new(10, 0, 0, 0), 8),
                (Ipv4Addr::new(100, 64, 0, 0), 10),
                (Ipv4Addr::new(127, 0, 0, 0), 8),
                (Ipv4Addr::new(169, 254, 0, 0), 16),
                (Ipv4Addr::new(172, 16, 0, 0), 12),
                (Ipv4Addr::new(192, 0, 0, 0), 24),
                (Ipv4Addr::new(192, 0, 2, 0), 24),
                (Ipv4Addr::new(192, 88, 99, 0), 24),
                (Ipv4Addr::new(192, 168, 0, 0), 16),
                (Ipv4Addr::new(198, 18, 0, 0), 15),
                (Ipv4Addr::new(198, 51, 100, 0), 24),
                (Ipv4Addr::new(203, 0, 113, 0), 24),
                (Ipv4Addr::new(224, 0, 0, 0), 4),
                (Ipv4Addr::new(240, 0, 0, 0), 4),
            ];
            let held = |(first, length): (Ipv4Addr, u8)| {
                Network { first: IpAddr::V4(first), length }.holds(IpAddr::V4(address))
            };
            // The metadata service of a large cloud stands at a public address.
            !CLOSED.into_iter().any(held) && address != Ipv4Addr::new(168, 63, 129, 16)
        }
        IpAddr::V6(address) => {
            let [a, b, ..] = address.segments();
            // Only what is given out to hosts; without Teredo and its neighbours (2001::/23), documentation, and 6to4,
            // in which an IPv4 address may hide.
            (a & 0xe000) == 0x2000
                && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
                && a != 0x2002
                && !(a == 0x3fff && b < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reach: &Reach, address: &str, expected: bool) {
        assert_eq!(reach.allows(address.parse().expect("an address")), expected, "{address}");
    }

    #[test]
    fn a_webhook_reaches_the_internet_and_nothing_else() {
        let reach = Reach::default();
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "114.114.114.114",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2400:3200::1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            check(&reach, address, true);
        }
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            check(&reach, address, false);
        }
    }

    #[test]
    fn the_administrator_opens_networks_of_the_house_one_by_one() {
        let networks = ["10.1.0.0/16", "127.0.0.1", "fd00::/8", "0.0.0.0/0"].map(str::parse);
        let networks = networks.map(|network| network.expect("a network"));
        let reach = Reach {
            networks: networks[..3].to_vec(),
            plain_hosts: vec!["Board.county".into()],
            ..Reach::default()
        };
        check(&reach, "10.1.255.7", true);
        check(&reach, "::ffff:10.1.255.7", true);
        check(&reach, "10.2.0.1", false);
        check(&reach, "127.0.0.1", true);
        check(&reach, "127.0.0.2", false);
        check(&reach, "fd12::1", true);
        check(&reach, "fe80::1", false);
        let open = Reach { networks: networks[3..].to_vec(), ..Reach::default() };
        check(&open, "192.168.0.1", true);
        check(&open, "::1", false);
        assert!(reach.allows_plain("board.county") && !reach.allows_plain("board.county.cn"));
        for wrong in ["", "10.0.0.0/33", "fd00::/129", "10.0.0/8", "10.0.0.0/x", "example.cn"] {
            assert_eq!(wrong.parse::<Network>(), Err(NetworkFault), "{wrong}");
        }
    }
}
