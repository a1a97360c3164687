//! Characters that some origins read as ASCII, and those that some leave out.

/// What NFKC, NFKD with its marks left out, the best fit of code pages, or the fonts of
/// mathematics make of a character.
pub(super) fn alike() -> Vec<(char, String)> {
    let rows = |first: u32, letters: &str| {
        let made = letters.chars().zip(first..);
        made.map(|(it, at)| (char::from_u32(at).unwrap(), it.to_string())).collect::<Vec<_>>()
    };
    let lower: String = ('a'..='z').collect();
    let printed: String = ('!'..='~').collect();
    let mut alike = [
        rows(0xff01, &printed.to_lowercase()),
        rows(0x1d400, &lower),
        rows(0x1d41a, &lower),
        rows(0x1d670, &lower),
        rows(0x1d68a, &lower),
        rows(0x1d7ce, "0123456789"),
        rows(0x24b6, &lower),
        rows(0x24d0, &lower),
        rows(0x1f130, &lower),
        rows(0x2080, "0123456789"),
        rows(0x2460, "123456789"),
        rows(0x660, "0123456789"),
        rows(0x966, "0123456789"),
        rows(0xff10, "0123456789"),
    ]
    .concat();
    for (spelled, read) in [
        ("àáâãäåªāăąǎᴬᵃₐḁα", "a"),
        ("ƀᴮᵇℬḃ", "b"),
        ("çćĉċčℂℭⅽᶜ¢©", "c"),
        ("ďđḋⅾᴰᵈδð", "d"),
        ("èéêëēĕėęěℯℰᴱᵉₑε", "e"),
        ("ḟℱᶠφƒ", "f"),
        ("ĝğġģǧℊᴳᵍɡγ", "g"),
        ("ĥħℋℌℍℎʰһ", "h"),
        ("ìíîïĩīĭįıℐℑⅰⁱᵢ", "i"),
        ("ĵǰʲⱼ", "j"),
        ("ķǩKᴷᵏ", "k"),
        ("ĺļľłℒℓⅼˡ£", "l"),
        ("ℳⅿᵐₘḿ", "m"),
        ("ñńņňℕⁿₙṅ", "n"),
        ("òóôõöøōŏőơºℴᵒω°", "o"),
        ("ℙℚ℗ṗᴾᵖπ", "p"),
        ("ŕŗřℛℜℝʳᵣ®", "r"),
        ("śŝşšſẛˢₛσς", "s"),
        ("ţťŧᵗₜτθṫ", "t"),
        ("ùúûüũūŭůűųưᵘᵤ", "u"),
        ("ⅴᵛᵥṽ", "v"),
        ("ŵʷẁ", "w"),
        ("ⅹˣₓ×ẋ", "x"),
        ("ýÿŷʸỳ¥", "y"),
        ("źżžℤℨᶻẑ", "z"),
        ("ﬀ", "ff"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("ﬃ", "ffi"),
        ("ﬅﬆ", "st"),
        ("ĳ", "ij"),
        ("ǆ", "dz"),
        ("ǉ", "lj"),
        ("ǌ", "nj"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("þ", "th"),
        ("ⅷ", "viii"),
        ("ⅻ", "xii"),
        ("ⅱ", "ii"),
        ("№", "no"),
        ("™", "tm"),
        ("℡", "tel"),
        ("㎏", "kg"),
        ("㏂", "a.m."),
        ("ŉ", "n"),
        ("₨", "rs"),
        ("㍱", "hpa"),
        ("½", "1/2"),
        ("．․。﹒", "."),
        ("‥︰", ".."),
        ("…︙", "..."),
        ("／∕⁄⧸", "/"),
        ("＼∖﹨¥₩", "\\"),
        ("℀", "a/c"),
        ("℅", "c/o"),
        ("⒈", "1."),
        ("🄀", "0."),
        ("‐‑–—−", "-"),
        ("‗", "_"),
        ("\u{a0}\u{2003}\u{3000}", " "),
        ("\u{ad}\u{200b}\u{200d}\u{2060}\u{feff}\u{301}\u{308}\u{34f}\u{e0041}", ""),
    ] {
        alike.extend(spelled.chars().map(|it| (it, read.to_owned())));
    }
    alike
}

/// Characters that some origins leave out. No code page that has a best fit for Greek does that.
pub(super) fn left_out() -> Vec<(char, String)> {
    let greek = |it: &(char, String)| ('α'..='ω').contains(&it.0);
    let mut alike: Vec<_> = alike().into_iter().filter(|it| !greek(it)).collect();
    alike.extend("д字ひ한אλ・🎉".chars().map(|it| (it, String::new())));
    alike
}
