/// Words that name goods and deeds which marketplaces forbid, by what they are about: general knowledge, so that a word
/// that training never met counts as others of its sense do. What each sense says is learnt; some say nothing. A change
/// here asks for a new ``HashedSpec/currentVersion``.
enum KnownWords {
    /// The sense of a word, and of two that belong together, by ``GramHasher/words(_:_:_:)`` with a seed of 0.
    static let senses: [UInt64: UInt64] = {
        var senses: [UInt64: UInt64] = [:]
        let reader = DisguiseReader()
        var reading = Reading()
        for (sense, words) in table {
            for word in split(words) {
                reader.read(word, sounds: false, into: &reading)
                var last: UInt64 = 0
                GramHasher.words(0, reading) { hash, _, _ in last = hash }
                senses[last] = FeatureHash.name(sense)
            }
        }
        return senses
    }()

    /// What stands between commas; a line may end within it.
    static func split(_ words: String) -> [String] {
        words.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    /// Of each sense, words and pairs of words between commas.
    static let table: [(sense: StaticString, words: String)] = [
        (
            "narcotic",
            """
            cocaine, coke, cocain, heroin, diamorphine, meth, methamphetamine, crystal meth, mdma, mda, ecstasy, xtc,
            molly, lsd, acid tabs, blotter, blotters, dmt, changa, psilocybin, psilocybe, cubensis, shroom, shrooms,
            magic mushroom, magic mushrooms, truffles, mescaline, peyote, san pedro, ayahuasca, ibogaine, salvia,
            ketamine, ket, mxe, methoxetamine, pcp, dck, 3 meo, ghb, gbl, bdo, mephedrone, methylone, mdpv, pvp, flakka,
            amphetamine, amphetamines, speed paste, dexedrine, opium, fentanyl, carfentanil, acetylfentanyl,
            furanylfentanyl, u 47700, 2cb, 2c b, 2c e, 2c i, nbome, 25i, al lad, 1p lsd, 4 aco, 5 meo, jwh, 5cl, 5f,
            adb, mmb, spice incense, bath salts, quaalude, quaaludes, mandrax, methaqualone, dxm, khat, kratom,
            speedball, uncut, fishscale, nootropic, research chemical, research chemicals, rc, drug, drugs, narcotic,
            narcotics, stimulant, psychedelic, psychedelics, dissociative, deliriant, phenibut, tryptamine,
            mushroom spores, spore print, spores
            """
        ),
        (
            "cannabis",
            """
            cannabis, marijuana, weed, hash, hashish, kush, haze, sativa, indica, thc, cbd, bud, buds, nug, nugs,
            shatter, rosin, distillate, crumble, budder, moonrock, moonrocks, moon rock, moon rocks, preroll, prerolls,
            pre roll, pre rolls, edible, edibles, feminized, feminised, autoflower, autoflowering, kief, hemp, ganja,
            skunk, og kush, scout cookies, gsc, zkittlez, gelato, sour diesel, blue dream, jack herer, white widow,
            northern lights, granddaddy, gorilla glue, amnesia haze, super silver, lemon haze, critical mass,
            purple haze, trainwreck, durban, cheese weed, bubble hash, charas, ketama, o lator, rso, thca, dab,
            dabs, live resin, sauce, diamonds, vape cartridges, thc cartridge, cannabutter, space cake, indoor flower,
            top shelf, smalls, trim, shake, outdoor weed, greenhouse
            """
        ),
        (
            "medicine",
            """
            xanax, alprazolam, valium, diazepam, etizolam, etilaam, clonazolam, flualprazolam, flubromazolam,
            bromazepam, temazepam, lorazepam, ativan, klonopin, clonazepam, rivotril, nitrazepam, oxazepam, midazolam,
            rohypnol, flunitrazepam, oxycodone, oxycontin, oxy, roxy, roxicodone, roxies, percocet, percocets, vicodin,
            norco, hydrocodone, hydromorphone, dilaudid, oxymorphone, opana, morphine, codeine, dihydrocodeine, dhc,
            tramadol, tapentadol, nucynta, methadone, suboxone, subutex, buprenorphine, naloxone, adderall, vyvanse,
            ritalin, concerta, methylphenidate, lisdexamfetamine, modafinil, armodafinil, modalert, provigil,
            gabapentin, pregabalin, lyrica, ambien, zolpidem, zopiclone, zopiclon, soma, carisoprodol, viagra,
            sildenafil, kamagra, cialis, tadalafil, levitra, clomid, clomiphene, tamoxifen, nolvadex, arimidex,
            anastrozole, letrozole, accutane, isotretinoin, propecia, finasteride, clenbuterol, clen, promethazine,
            actavis, seroquel, quetiapine, prednisone, ephedrine, pseudoephedrine, phentermine, dnp, benzos, benzo,
            opioid, opioids, opiate, opiates, prescription, prescriptions, painkiller, painkillers, stilnox, tilidin,
            targin, suppositories, cough syrup, antibiotics, amoxicillin, azithromycin, doxycycline, hydroxychloroquine,
            chloroquine
            """
        ),
        (
            "steroid",
            """
            steroid, steroids, testosterone, trenbolone, tren, dianabol, dbol, anavar, oxandrolone, winstrol,
            stanozolol, deca, nandrolone, sustanon, masteron, primobolan, equipoise, boldenone, turinabol, anadrol,
            oxymetholone, hgh, growth hormone, somatropin, igf, cypionate, enanthate, propionate, acetate, sarms,
            ostarine, ligandrol, rad140, hcg, halotestin, methandienone, anabolic, peptide
            """
        ),
        (
            "carding",
            """
            cvv, cvv2, cvc, ccv, fullz, fulls, dumps, dump pin, carding, carder, carded, cc, ccs, bins, ssn, dob, mmn,
            track1, track2, emv, skimmer, skimmers, skimming, cashout, cash out, cashing, refund, refunds, refunding,
            scam, scams, scammer, scamming, fraud, fraudster, phish, phishing, scampage, scampages, spoof, spoofing,
            spoofer, western union, moneygram, money transfer, zelle, venmo, cashapp, cash app, wells fargo, wellsfargo,
            chase bank, bank login, bank logins, bank account, bank accounts, bank drop, bank drops, credit card,
            credit cards, debit card, clone card, clone cards, cloned, bill pay, routing, transfers, paypal,
            transferwise, revolut, skrill, n26, coinbase, stripe, mule, mules, launder, laundering, launderer, identity,
            credit score, credit report
            """
        ),
        (
            "forgery",
            """
            counterfeit, counterfeits, fake, forged, forgery, replica, replicas, scannable, passport, passports,
            license template, drivers license, driver license, drivers licence, id card, id cards, fake id, novelty id,
            diploma, diplomas, degree certificate, psd, psd template, hologram, holograms, utility bill, bank statement,
            paystub, paystubs, w2, birth certificate, social security, banknote, banknotes, bills usd, euro bills,
            usd bills, euro notes, supernotes, visa card
            """
        ),
        (
            "hacking",
            """
            hack, hacks, hacker, hackers, hacking, hacked, cracker, cracking, cracked, crack, exploit, exploits,
            exploitation, malware, malwares, trojan, trojans, rat, rats, botnet, botnets, ddos, dos attack, stresser,
            booter, keylogger, keyloggers, crypter, crypters, fud, ransomware, ransomwares, rootkit, rootkits, backdoor,
            backdoors, virus, viruses, worm, spyware, stealer, stealers, bruteforce, brute force, bruteforcer, brute,
            checker, checkers, sqli, sql injection, xss, metasploit, kali linux, pentest, pentesting,
            penetration testing, spammer, spam, smtp, mailer, mailers, proxy, proxies, socks, socks5, vpn, rdp, vps,
            onion, onions, tor, darknet, darkweb, deepweb, dark web, deep web, dark net, deep net, anonymous, anonymity,
            anonymously, opsec, leads, combo list, combolist, combolists, combos, leaked, leaks, leak, nuker, bomber,
            dox, doxing, doxxing, osint, botting, keygen, serial key, serial keys, activation, activator, warez,
            webshell, shell, shells, cpanel, payload, payloads, injector, injection, dumper, decrypt, decrypter,
            decryptor, encrypt, encryption, sniffer, spy, spying, jailbreak, unlocker, bypass, bypassing, cheat, cheats,
            aimbot, bot, bots, source code, clickjacking, cookie logger, wifi hacking, hash cracker, miner,
            cryptojacking, zero day, 0day, social engineering
            """
        ),
        (
            "crypto",
            """
            bitcoin, bitcoins, btc, monero, xmr, ethereum, cryptocurrency, crypto, litecoin, tumbler, mixer, escrow, pgp
            """
        ),
        (
            "accounts",
            """
            account, accounts, login, logins, netflix, hulu, spotify, hbo, disney plus, nordvpn, expressvpn, ipvanish,
            brazzers, pornhub, lifetime, premium account, premium accounts, subscription, crunchyroll, deezer, tidal,
            origin account, fortnite account, minecraft account, uplay, steam account, giftcard, giftcards, gift card,
            gift cards, generator, generators
            """
        ),
        (
            "digital",
            """
            ebook, ebooks, e book, e books, pdf, course, courses, masterclass, tutorial, tutorials, guide, guides,
            howto, download, software, portable, windows, license key, udemy, lynda, plugin, plugins, script, scripts,
            template, templates, v1, v2, v3, v4, x64, x86, multilingual, retail, full version
            """
        ),
        (
            "weapon",
            """
            gun, guns, pistol, pistols, handgun, rifle, rifles, glock, ammo, ammunition, silencer, suppressor, ar15,
            ar 15, ak47, ak 47, firearm, firearms, explosive, explosives, bomb, bombs, grenade, knuckles, taser,
            switchblade, shotgun, smg, uzi, beretta, gunpowder, ghost gun, detonator, c4, assassin, poison, ricin,
            cyanide
            """
        ),
        (
            "adult",
            """
            porn, porno, xxx, nude, nudes, onlyfans, sex, sexual, orgasm, orgasms, escort, escorts, erotic, hentai,
            camgirl, fetish, seduction, seduce, up artist
            """
        ),
    ]
}
