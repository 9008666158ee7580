const MAX_REMEMBERED = 4_096;

/**
 * The answers of a function of text, worked out once for each: the same few come again and again. Texts longer than `maxChars`
 * are worked out each time, and at the bound all is forgotten, so that what is held stays small.
 */
export const remembered = <Answer extends string | boolean>(
  answerTo: (text: string) => Answer,
  maxChars: number,
): ((text: string) => Answer) => {
  const answers = new Map<string, Answer>();
  return (text) => {
    if (text.length > maxChars) return answerTo(text);
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = answerTo(text);
    if (answers.size >= MAX_REMEMBERED) answers.clear();
    answers.set(text, answer);
    return answer;
  };
};
