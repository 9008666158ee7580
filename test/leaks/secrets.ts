/** A value that must be found nowhere, and what gives it away wherever a part of it is left. */
export interface Secret {
  readonly text: string;
  readonly position: string;
}

/** Both ends of every secret text: a part that is left shows one of them. Letters alone, so that no format escapes them. */
const HEAD = "zqvxk";
const TAIL = "kxvqz";
const NUMBER_HEAD = "7310945";
const CARD_HEAD = "40073109";
const CARD_GROUPS = ["4007 3109", "4007-3109", "4007+3109", "4007%203109"];

/** Planted beside the secrets where nothing is secret: a store in which it is not found was not looked into. */
export const CANARY = "wmbqjcanary";

/** What a scanner looks for, in lower case. */
export const GIVEAWAYS: readonly string[] = [HEAD, TAIL, NUMBER_HEAD, CARD_HEAD, ...CARD_GROUPS];

const luhnDigit = (digits: string): number => {
  const sum = [...digits]
    .reverse()
    .map(Number)
    .reduce((total, digit, index) => {
      const doubled = index % 2 === 0 ? digit * 2 : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return (10 - (sum % 10)) % 10;
};

/** Hands out secrets, no two alike, and remembers where they were planted. */
export class Plants {
  readonly all: Secret[] = [];
  position = "";

  /** Letters and digits. */
  word(): string {
    return this.#planted(`${HEAD}${this.#letters()}${TAIL}`);
  }

  /** As a JSON number; no card number. */
  number(): string {
    return this.#planted(`${NUMBER_HEAD}${this.#digits()}`);
  }

  card(separator = ""): string {
    const digits = `${CARD_HEAD}0${this.#digits()}`;
    const groups = `${digits}${luhnDigit(digits)}`.match(/\d{4}/g)!;
    return this.#planted(groups.join(separator));
  }

  #letters(): string {
    return [...this.#digits()].map((digit) => "abcdefghij"[Number(digit)]).join("");
  }

  #digits(): string {
    return String(this.all.length).padStart(6, "0");
  }

  #planted(text: string): string {
    this.all.push({ text, position: this.position });
    return text;
  }
}
