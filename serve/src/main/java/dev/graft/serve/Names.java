package dev.graft.serve;

/** Names that callers gave, as messages show them. */
final class Names {
    private static final int LONGEST = 100;

    private Names() {}

    /** At most a hundred characters, control characters replaced. */
    static String shown(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "�");
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
    }
}
