package dev.graft.data;

/**
 * A token of a text.
 *
 * @param text as the vocabulary has it
 * @param special whether the tokenizer added it, so that it stands nowhere in the text
 * @param start where it begins in the text, in characters of Unicode (code points); 0 where it is special
 * @param stop where it ends, behind its last character; 0 where it is special
 */
public record Token(int id, String text, boolean special, int start, int stop) {}
