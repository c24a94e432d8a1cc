"""What happened in the region's first year, order by order (handbook §6.2). Companies are made up; nothing is a total.

As of 31 March 2016 the seed counts 32 orders received, 10 filled, 6 closed, 16 open, and 6 companies with an
agreement. Much happens to those 32 afterwards: hires that did not start, reopened orders, people hired elsewhere.
"""

from __future__ import annotations

from nrs.scenarios.player import Story
from nrs.scenarios.world import Firm

FIRMS = (
    Firm("tomrer", "Tømrerlauget Skæve Spær ApS", "0219", "3400", "433200", 24),
    Firm("vognmand", "Vognmand Hjulspor & Døtre A/S", "0270", "3200", "494100", 38),
    Firm("murer", "Murerfirmaet Den Tiende Sten ApS", "0217", "3000", "439100", 11),
    Firm("lager", "Lagerhuset Firkanten A/S", "0201", "3450", "521000", 120),
    Firm("maler", "Malerværkstedet Blå Time ApS", "0250", "3600", "433410", 9),
    Firm("bus", "Nordvindens Busser A/S", "0219", "3400", "493100", 210),
    Firm("anlaeg", "Anlægsgruppen Muldvarpen A/S", "0260", "3300", "421100", 64),
    Firm("el", "El-huset Gnisten ApS", "0240", "3650", "432100", 31),
    Firm("terminal", "Godsterminalen Kasse & Krog A/S", "0223", "2970", "522400", 85),
    Firm("vvs", "VVS-firmaet Lunkent Vand ApS", "0210", "2980", "432200", 14),
    Firm("kran", "Kranselskabet Storkebenet A/S", "0219", "3330", "439900", 45),
    Firm("kurer", "Kureren Rundt om Søen ApS", "0217", "3060", "532000", 27),
    Firm("beton", "Betonstøberiet Grå Bølge A/S", "0240", "3660", "236100", 96),
    Firm("isol", "Isoleringen Varm Væg ApS", "0250", "3630", "432300", 12),
    Firm("flytte", "Flyttefolkene Fire Hænder ApS", "0201", "3540", "494200", 16),
    Firm("vej", "Vejlauget Lige Ud A/S", "0270", "3230", "421100", 52),
    Firm("glar", "Glarmester Klar Rude ApS", "0223", "2960", "433420", 7),
    Firm("gulv", "Gulvfirmaet Knirkefri ApS", "0210", "3480", "433300", 10),
    Firm("tank", "Tanktransporten Trinde Tønder A/S", "0219", "3320", "494100", 33),
    Firm("nedriv", "Nedriverne Sidste Sten ApS", "0260", "3390", "431100", 18),
    Firm("stillads", "Stilladshuset Højt Oppe A/S", "0201", "3450", "439900", 40),
    Firm("kloak", "Kloakfirmaet Dybt Nede ApS", "0240", "2765", "422100", 22),
    Firm("renov", "Renovationsselskabet Grøn Spand A/S", "0210", "2990", "494100", 58),
    Firm("tag", "Tagdækkerne Regnvejr ApS", "0217", "3070", "434100", 13),
    Firm("hotel", "Hotel Kystens Fyr A/S", "0217", "3000", "551000", 75),
    Firm("kaede", "Butikskæden Den Røde Kurv A/S", "0201", "3450", "", 2900),
    Firm("kro", "Kroen ved Det Krumme Egetræ ApS", "0270", "3250", "561110", 19),
    Firm("metal", "Metalværket Rødglød A/S", "0250", "3600", "251100", 88),
    Firm("badehotel", "Badehotellet Vindstille ApS", "0260", "3390", "551000", 26),
    Firm("plast", "Plastfabrikken Polly & Merete A/S", "0240", "3660", "222200", 140),
    Firm("restaurant", "Restaurant Sølvfisken ApS", "0223", "2970", "561110", 21),
    Firm("maskin", "Maskinfabrikken Tandhjulet A/S", "0219", "3400", "255300", 67),
    Firm("foedevarer", "Fødevarefabrikken Ærtens Venner A/S", "0210", "2980", "108500", 160),
    Firm("kantine", "Kantinekompagniet Middagsro ApS", "0223", "2970", "562200", 34),
)

#: (signed on, company, ended on): NRS's own recruitment agreements, in force from the day they were signed.
AGREEMENTS = (
    ("2016-01-15", "vognmand", None),
    ("2016-01-29", "bus", None),
    ("2016-02-05", "tomrer", None),
    ("2016-02-19", "beton", None),
    ("2016-03-04", "lager", None),
    ("2016-03-18", "anlaeg", "2016-09-30"),
    ("2016-08-24", "hotel", None),
    ("2016-09-14", "maskin", None),
)

#: (name, divisions or codes, from, to, decided on): the steering group names two industries at a time.
FOCUS = (
    ("Bygge og anlæg", "41 42 43", "2016-01-01", "2016-06-30", "2015-12-11"),
    ("Transport", "49 52 53", "2016-01-01", "2016-06-30", "2015-12-11"),
    ("Hotel og restauration", "55 56", "2016-08-01", "2016-12-31", "2016-06-17"),
    ("Industri", "10 22 25 28", "2016-08-01", "2016-12-31", "2016-06-17"),
)

DECEMBER = (
    Story("2015-12-07", "tomrer", "Tømrer til tagrenovering", "7115", 1,
          "2015-12-08 claim", "2015-12-14 present 0219", "2016-01-04 hire 0219"),
    Story("2015-12-10", "vognmand", "Lastbilchauffør, kategori C", "8332", 2,
          "2015-12-11 claim", "2015-12-14 share", "2015-12-17 present 0270", "2015-12-18 borrow 0217",
          "2016-01-06 hire 0270", "2016-01-20 hire 0217"),
    Story("2015-12-14", "murer", "Murer til blankmur", "7112", 1,
          "2015-12-15 claim", "2016-01-15 close no_suitable_candidates"),
    Story("2015-12-17", "lager", "Lagermedarbejder", "4321", 3,
          "2015-12-18 claim", "2015-12-22 present 0201", "2016-01-08 hire 0201", "2016-02-05 otherwise",
          "2016-02-26 close partly_filled"),
)  # fmt: skip

JANUARY = (
    Story("2016-01-05", "maler", "Maler, nybyggeri", "7131", 1,
          "2016-01-06 claim", "2016-01-25 close withdrawn"),
    Story("2016-01-07", "bus", "Buschauffør, rutekørsel", "8331", 4,
          "2016-01-08 claim", "2016-01-11 share", "2016-01-14 present 0219", "2016-01-15 borrow 0240",
          "2016-02-01 hire 0219", "2016-02-08 hire 0240",
          "2016-04-12 borrow 0201", "2016-05-02 hire 0201", "2016-05-09 otherwise"),
    Story("2016-01-11", "anlaeg", "Anlægsarbejder", "9312", 2,
          "2016-01-12 claim", "2016-01-18 present 0260", "2016-02-01 hire 0260",
          "2016-02-02 present 0260", "2016-02-15 hire 0260"),
    # Filled in February; in April the person turned out not to have started, and somebody else was found.
    Story("2016-01-13", "el", "Elektriker, service", "7411", 1,
          "2016-01-14 claim", "2016-01-18 share", "2016-01-21 borrow 0250", "2016-02-03 hire 0250",
          "2016-04-06 not_started 0250", "2016-04-14 present 0240", "2016-05-02 hire 0240"),
    Story("2016-01-18", "terminal", "Terminalarbejder, aftenhold", "9333", 2,
          "2016-01-19 claim", "2016-02-10 otherwise 2"),
    Story("2016-01-20", "vvs", "VVS-montør", "7126", 1,
          "2016-01-21 claim", "2016-01-26 share", "2016-02-02 borrow 0219", "2016-02-09 decline 0219",
          "2016-04-20 close no_suitable_candidates"),
    # Closed in March, reopened in April, filled in May.
    Story("2016-01-25", "kran", "Kranfører, mobilkran", "8343", 1,
          "2016-01-26 claim", "2016-03-01 close deadline_expired",
          "2016-04-04 reopen", "2016-04-11 present 0219", "2016-05-09 hire 0219"),
    Story("2016-01-28", "kurer", "Varevognschauffør", "8322", 1,
          "2016-01-29 claim", "2016-02-03 present 0217", "2016-02-15 hire 0217"),
)  # fmt: skip

FEBRUARY = (
    Story("2016-02-02", "beton", "Betonarbejder", "7114", 3,
          "2016-02-03 claim", "2016-02-08 present 0240", "2016-02-22 hire 0240", "2016-06-15 close partly_filled"),
    Story("2016-02-04", "isol", "Isolatør", "7124", 1,
          "2016-02-05 claim", "2016-02-10 share", "2016-02-15 present 0260", "2016-03-01 hire 0260"),
    Story("2016-02-08", "flytte", "Flyttechauffør", "8332", 1,
          "2016-02-09 claim", "2016-02-19 close withdrawn"),
    Story("2016-02-10", "vej", "Asfaltarbejder", "9312", 2,
          "2016-02-11 claim", "2016-02-17 present 0270", "2016-04-25 hire 0270", "2016-05-02 otherwise"),
    Story("2016-02-15", "glar", "Glarmester", "7125", 1,
          "2016-02-16 claim", "2016-05-11 close no_suitable_candidates"),
    Story("2016-02-17", "gulv", "Gulvlægger", "7122", 1,
          "2016-02-18 claim", "2016-02-23 present 0210", "2016-03-07 hire 0210"),
    Story("2016-02-22", "tank", "Tankvognschauffør", "8332", 2,
          "2016-02-23 claim", "2016-02-24 share", "2016-02-26 supply 0260", "2016-04-05 borrow 0217",
          "2016-04-18 hire 0217", "2016-04-19 borrow 0270", "2016-05-03 hire 0270"),
    Story("2016-02-24", "kurer", "Truckfører til pakkelager", "8344", 1,
          "2016-02-25 claim", "2016-03-01 present 0217", "2016-03-07 interview 0217", "2016-03-14 hire 0217"),
    Story("2016-02-26", "nedriv", "Nedriver", "9313", 2,
          "2016-02-29 claim", "2016-03-11 close labour_conflict"),
)  # fmt: skip

MARCH = (
    Story("2016-03-01", "tomrer", "Tømrer til facader", "7115", 2,
          "2016-03-02 claim", "2016-03-08 present 0219", "2016-03-15 pause", "2016-04-01 resume",
          "2016-04-11 hire 0219", "2016-04-12 share", "2016-04-18 borrow 0250", "2016-05-02 hire 0250"),
    # Somebody from outside the nine was hired, after the day of the report.
    Story("2016-03-03", "bus", "Mekaniker til busværksted", "7231", 1,
          "2016-03-04 claim", "2016-04-27 otherwise"),
    Story("2016-03-07", "vognmand", "Lastbilchauffør, vogntog", "8332", 1,
          "2016-03-08 claim", "2016-03-10 present 0270", "2016-03-21 hire 0270"),
    Story("2016-03-09", "maler", "Malersvend", "7131", 1,
          "2016-03-10 claim", "2016-06-01 close withdrawn"),
    Story("2016-03-10", "stillads", "Stilladsmontør", "7119", 2,
          "2016-03-11 claim", "2016-03-16 share", "2016-03-22 present 0223", "2016-04-04 hire 0223",
          "2016-04-06 present 0201", "2016-04-20 hire 0201"),
    Story("2016-03-14", "terminal", "Speditionsassistent", "4323", 1,
          "2016-03-15 claim", "2016-04-07 present 0223", "2016-04-25 hire 0223"),
    # A mail that lay for five days before anybody wrote it down.
    Story("2016-03-17", "vej", "Maskinfører, gravemaskine", "8342", 1,
          "2016-03-23 claim", "2016-03-29 share", "2016-04-13 borrow 0260", "2016-04-29 hire 0260",
          registered="2016-03-22"),
    # Handed over in April: on 31 March it still was Egedal's.
    Story("2016-03-21", "kloak", "Kloakarbejder", "9312", 2,
          "2016-03-22 claim", "2016-04-05 hand_over 0250", "2016-04-06 take",
          "2016-07-01 close no_suitable_candidates"),
    Story("2016-03-22", "renov", "Renovationsmedarbejder", "9611", 2,
          "2016-03-23 claim", "2016-03-29 present 0210", "2016-04-18 hire 0210", "2016-04-19 share",
          "2016-04-26 borrow 0217", "2016-05-10 hire 0217"),
    Story("2016-03-29", "lager", "Pakkeriarbejder", "9321", 5,
          "2016-04-01 claim", "2016-04-08 present 0201", "2016-04-25 hire 0201", "2016-05-03 present 0201",
          "2016-05-17 hire 0201", "2016-08-30 close partly_filled"),
    Story("2016-03-31", "tag", "Tagdækker, tagpap", "7121", 1,
          "2016-04-01 claim", "2016-04-28 present 0217", "2016-05-17 hire 0217", at="14:30"),
)  # fmt: skip

LATER = (
    Story("2016-04-06", "hotel", "Værelsesassistent", "9112", 3,
          "2016-04-07 claim", "2016-04-12 present 0217", "2016-04-13 present 0217", "2016-05-09 hire 0217",
          "2016-05-10 hire 0217", "2016-05-23 otherwise"),
    Story("2016-04-18", "kaede", "Butiksassistent", "5223", 2,
          "2016-04-19 claim", "2016-04-25 present 0201", "2016-05-12 share", "2016-05-18 borrow 0219",
          "2016-05-30 hire 0201", "2016-06-06 hire 0219"),
    Story("2016-05-10", "kro", "Tjener til sommersæsonen", "5131", 2,
          "2016-05-11 claim", "2016-05-13 share", "2016-05-18 present 0270", "2016-05-19 borrow 0217",
          "2016-06-09 hire 0270", "2016-06-10 hire 0217"),
    Story("2016-05-24", "metal", "Svejser, MIG/MAG", "7212", 1,
          "2016-05-25 claim", "2016-05-30 share", "2016-06-30 close no_suitable_candidates", "2016-08-15 reopen",
          "2016-08-23 borrow 0240", "2016-09-05 hire 0240"),
    Story("2016-06-08", "badehotel", "Kok", "5120", 1,
          "2016-06-09 claim", "2016-06-14 present 0260", "2016-06-27 hire 0260"),
    Story("2016-06-20", "plast", "Produktionsmedarbejder", "8142", 4,
          "2016-06-21 claim", "2016-06-28 present 0240", "2016-08-01 hire 0240", "2016-08-03 share",
          "2016-08-09 borrow 0210", "2016-08-22 hire 0210", "2016-09-15 close partly_filled"),
    # The chain's agreement is in force by now: its tovholder leads, although the shop lies in Helsingør.
    Story("2016-07-05", "kaede", "Butiksmedarbejder", "5223", 2,
          "2016-07-06 claim", "2016-07-07 share", "2016-07-12 present 0201", "2016-07-13 borrow 0217",
          "2016-08-01 hire 0201", "2016-08-08 hire 0217", unit="kaede-0217"),
    Story("2016-08-03", "restaurant", "Køkkenhjælp", "9412", 1,
          "2016-08-04 claim", "2016-08-22 close withdrawn"),
    Story("2016-08-22", "hotel", "Receptionist", "4224", 1,
          "2016-08-23 claim", "2016-08-30 present 0217", "2016-09-19 hire 0217"),
    Story("2016-09-06", "maskin", "CNC-operatør", "7223", 2,
          "2016-09-07 claim", "2016-09-09 share", "2016-09-13 present 0219", "2016-09-14 borrow 0250",
          "2016-10-03 hire 0219", "2016-10-10 hire 0250"),
    Story("2016-09-20", "foedevarer", "Operatør, færdigretter", "8160", 3,
          "2016-09-21 claim", "2016-10-31 otherwise 3"),
    Story("2016-10-04", "kantine", "Kantinemedarbejder", "9412", 1,
          "2016-10-05 claim", "2016-10-10 present 0223", "2016-10-24 hire 0223"),
    Story("2016-10-26", "metal", "Industrilakerer", "7132", 1,
          "2016-10-27 claim", "2016-12-01 close deadline_expired"),
    Story("2016-11-09", "terminal", "Julehjælp til terminal", "9333", 6,
          "2016-11-10 claim", "2016-11-11 share", "2016-11-14 present 0223", "2016-11-15 borrow 0217",
          "2016-11-16 borrow 0210", "2016-11-21 hire 0223", "2016-11-22 hire 0217", "2016-11-23 hire 0210",
          "2016-12-05 otherwise 3"),
    Story("2016-11-28", "kro", "Kok til julefrokoster", "5120", 1,
          "2016-11-29 claim", "2016-12-06 present 0270"),
    Story("2016-12-12", "tomrer", "Tømrersvend, foråret", "7115", 2,
          "2016-12-13 claim"),
    Story("2017-01-09", "bus", "Buschauffør, weekend", "8331", 2,
          "2017-01-10 claim", "2017-01-13 present 0219", "2017-01-23 hire 0219"),
    Story("2017-01-18", "vognmand", "Lastbilchauffør, distribution", "8332", 1,
          "2017-01-19 claim"),
)  # fmt: skip

STORIES = (*DECEMBER, *JANUARY, *FEBRUARY, *MARCH, *LATER)
