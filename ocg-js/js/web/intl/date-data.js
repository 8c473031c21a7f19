/** Words and patterns of dates, after Unicode CLDR. In a pattern, letters stand for fields. */

const list = (text) => text.split(" ");

const ENGLISH = {
  months: {
    long: list(
      "January February March April May June July August September October November December",
    ),
    short: list("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    narrow: [..."JFMAMJJASOND"],
  },
  weekdays: {
    long: list("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
    short: list("Sun Mon Tue Wed Thu Fri Sat"),
    narrow: [..."SMTWTFS"],
  },
  dayPeriods: ["AM", "PM"],
  hour12: true,
  dates: {
    yMd: "M/d/y",
    Md: "M/d",
    yM: "M/y",
    yMEd: "E, M/d/y",
    MEd: "E, M/d",
    yMMMd: "MMM d, y",
    MMMd: "MMM d",
    yMMM: "MMM y",
    yMMMEd: "E, MMM d, y",
    MMMEd: "E, MMM d",
    Ed: "d E",
  },
  styles: { full: "EEEE, MMMM d, y", long: "MMMM d, y", medium: "MMM d, y", short: "M/d/yy" },
  time12: "h:mm:ss\u202fa",
  hour12Only: "h\u202fa",
  hour24Only: "HH",
  zone: "{0} z",
  decimal: ".",
  join: "{1}, {0}",
  joinLong: "{1} 'at' {0}",
  joinWeekday: "{1} {0}",
};

const BRITISH = {
  ...ENGLISH,
  months: { ...ENGLISH.months, short: list("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec") },
  dayPeriods: ["am", "pm"],
  hour12: false,
  dates: {
    yMd: "dd/MM/y",
    Md: "dd/MM",
    yM: "MM/y",
    yMEd: "E, dd/MM/y",
    MEd: "E, dd/MM",
    yMMMd: "d MMM y",
    MMMd: "d MMM",
    yMMM: "MMM y",
    yMMMEd: "E, d MMM y",
    MMMEd: "E d MMM",
    Ed: "E d",
  },
  styles: { full: "EEEE, d MMMM y", long: "d MMMM y", medium: "d MMM y", short: "dd/MM/y" },
};

const CANADIAN = {
  ...ENGLISH,
  dayPeriods: ["a.m.", "p.m."],
  dates: {
    ...ENGLISH.dates,
    yMd: "y-MM-dd",
    Md: "MM-dd",
    yM: "y-MM",
    yMEd: "E, y-MM-dd",
    MEd: "E, MM-dd",
    Ed: "E d",
  },
  styles: { ...ENGLISH.styles, short: "y-MM-dd" },
};

const SWEDISH = {
  months: {
    long: list(
      "januari februari mars april maj juni juli augusti september oktober november december",
    ),
    short: list("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."),
    narrow: [..."JFMAMJJASOND"],
  },
  weekdays: {
    long: list("söndag måndag tisdag onsdag torsdag fredag lördag"),
    short: list("sön mån tis ons tors fre lör"),
    narrow: [..."SMTOTFL"],
  },
  dayPeriods: ["fm", "em"],
  hour12: false,
  dates: {
    yMd: "y-MM-dd",
    Md: "d/M",
    yM: "y-MM",
    yMEd: "E, y-MM-dd",
    MEd: "E d/M",
    yMMMd: "d MMM y",
    MMMd: "d MMM",
    yMMM: "MMM y",
    yMMMEd: "E d MMM y",
    MMMEd: "E d MMM",
    Ed: "E d",
  },
  styles: { full: "EEEE d MMMM y", long: "d MMMM y", medium: "d MMM y", short: "y-MM-dd" },
  time12: "h:mm:ss\u202fa",
  hour12Only: "h\u202fa",
  hour24Only: "HH",
  zone: "{0} z",
  decimal: ",",
  join: "{1} {0}",
  joinLong: "{1} 'kl'. {0}",
  joinWeekday: "{1} {0}",
};

const CHINESE = {
  months: {
    long: list("一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"),
    short: Array.from({ length: 12 }, (_, at) => `${at + 1}月`),
    narrow: Array.from({ length: 12 }, (_, at) => `${at + 1}`),
  },
  weekdays: {
    long: list("星期日 星期一 星期二 星期三 星期四 星期五 星期六"),
    short: list("周日 周一 周二 周三 周四 周五 周六"),
    narrow: [..."日一二三四五六"],
  },
  dayPeriods: ["上午", "下午"],
  hour12: false,
  dates: {
    y: "y年",
    M: "M月",
    d: "d日",
    yMd: "y/M/d",
    Md: "M/d",
    yM: "y/M",
    yMM: "y年MM月",
    yMEd: "y/M/dE",
    MEd: "M/dE",
    // Months in text are numbers with their character.
    yMMMd: "y年M月d日",
    MMMd: "M月d日",
    yMMM: "y年M月",
    yMMMEd: "y年M月d日E",
    MMMEd: "M月d日E",
    Ed: "d日E",
  },
  styles: { full: "y年M月d日EEEE", long: "y年M月d日", medium: "y年M月d日", short: "y/M/d" },
  time12: "ah:mm:ss",
  hour12Only: "ah时",
  hour24Only: "H时",
  zone: "z {0}",
  decimal: ".",
  join: "{1} {0}",
  joinLong: "{1} {0}",
  joinWeekday: "{1}{0}",
};

export const DATES = {
  en: ENGLISH,
  "en-GB": BRITISH,
  "en-CA": CANADIAN,
  sv: SWEDISH,
  zh: CHINESE,
};
