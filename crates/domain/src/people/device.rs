/// With what somebody logged in, as far as its `User-Agent` tells: enough for a person to know their own phone again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    pub program: Program,
    pub system: System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Program {
    Chrome,
    Edge,
    Firefox,
    Safari,
    /// 微信.
    WeChat,
    /// 企业微信, 政务微信.
    WeCom,
    /// 钉钉, 浙政钉.
    DingTalk,
    /// 360 安全浏览器, 极速浏览器.
    Browser360,
    /// QQ 浏览器.
    QqBrowser,
    /// 华为浏览器.
    Huawei,
    /// UC 浏览器.
    Uc,
    /// The program's own command line.
    CommandLine,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    Windows,
    MacOs,
    /// With 麒麟 and 统信, which say no more.
    Linux,
    Android,
    /// 鸿蒙.
    HarmonyOs,
    IPhone,
    IPad,
    Other,
}

/// The first mark that a `User-Agent` holds decides: whoever builds on another names it too, so the builder comes later.
const PROGRAMS: &[(&str, Program)] = &[
    ("command line", Program::CommandLine),
    ("wxwork", Program::WeCom),
    ("micromessenger", Program::WeChat),
    ("dingtalk", Program::DingTalk),
    ("360se", Program::Browser360),
    ("360ee", Program::Browser360),
    ("qihu", Program::Browser360),
    ("qqbrowser", Program::QqBrowser),
    ("huaweibrowser", Program::Huawei),
    ("arkweb", Program::Huawei),
    ("ucbrowser", Program::Uc),
    ("edg", Program::Edge),
    ("firefox", Program::Firefox),
    ("fxios", Program::Firefox),
    ("crios", Program::Chrome),
    ("chrome", Program::Chrome),
    ("safari", Program::Safari),
];

const SYSTEMS: &[(&str, System)] = &[
    ("harmony", System::HarmonyOs),
    ("android", System::Android),
    ("iphone", System::IPhone),
    ("ipad", System::IPad),
    ("windows", System::Windows),
    ("mac os", System::MacOs),
    ("macintosh", System::MacOs),
    ("linux", System::Linux),
];

impl Device {
    /// What a `User-Agent` tells; anybody can write one, so nothing may be decided by it.
    pub fn of(user_agent: &str) -> Self {
        let said = user_agent.to_ascii_lowercase();
        let program = PROGRAMS.iter().find(|(mark, _)| said.contains(mark)).map(|(_, program)| *program);
        let system = SYSTEMS.iter().find(|(mark, _)| said.contains(mark)).map(|(_, system)| *system);
        Self { program: program.unwrap_or(Program::Other), system: system.unwrap_or(System::Other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_read_as_a_person_would_name_the_device() {
        use Program as P;
        use System as S;
        let cases: &[(&str, P, S)] = &[
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                P::Chrome,
                S::Windows,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
                P::Edge,
                S::Windows,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                P::Safari,
                S::MacOs,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", P::Firefox, S::Linux),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49",
                P::WeChat,
                S::IPhone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; V2231A) AppleWebKit/537.36 Chrome/111.0 Mobile wxwork/4.1.22 MicroMessenger/7.0.1",
                P::WeCom,
                S::Android,
            ),
            (
                "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1.6 Mobile HuaweiBrowser/5.1",
                P::Huawei,
                S::HarmonyOs,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) CriOS/126.0 Mobile Safari/604.1",
                P::Chrome,
                S::IPad,
            ),
            ("command line", P::CommandLine, S::Other),
            ("", P::Other, S::Other),
        ];
        for (said, program, system) in cases {
            assert_eq!(Device::of(said), Device { program: *program, system: *system }, "{said}");
        }
    }
}
