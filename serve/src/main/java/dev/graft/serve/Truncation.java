package dev.graft.serve;

/** What becomes of a text that has more tokens than its model reads. */
enum Truncation {
    /** It is refused. */
    REFUSED,

    /** It loses its last tokens, as in training. */
    AT_END,

    /** It loses its first tokens. */
    AT_START;

    /**
     * What a request in the shape of text-embeddings-inference asks for by {@code truncate} and
     * {@code truncation_direction}.
     *
     * @throws Problem if a field holds anything else than is known
     */
    static Truncation of(Fields fields) {
        String direction = fields.text("truncation_direction", "Right");
        boolean left = direction.equalsIgnoreCase("left");
        if (!left && !direction.equalsIgnoreCase("right")) {
            throw Problem.invalid("'truncation_direction' must be \"Left\" or \"Right\", not \""
                    + Names.shown(direction) + "\": the end of the text that is cut off");
        }
        if (!fields.flag("truncate", true)) {
            return REFUSED;
        }
        return left ? AT_START : AT_END;
    }
}
