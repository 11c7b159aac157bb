package dev.graft.hub;

import dev.graft.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model's name on Hugging Face. */
record RepositoryName(String owner, String name, String revision) {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<owner>[A-Za-z0-9][A-Za-z0-9._-]*)/)?(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:@(?<revision>[A-Za-z0-9][A-Za-z0-9._/-]*))?");
    private static final int LONGEST = 200;

    /**
     * Reads {@code owner/name[@revision]}; old models have no owner.
     *
     * @throws InputException if the text is of another form or would lead out of a folder
     */
    static RepositoryName parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > LONGEST || text.contains("..") || text.contains("//") || !form.matches()) {
            throw new InputException("'hf:" + text + "' is no name on Hugging Face; the form is"
                    + " hf:owner/name or hf:owner/name@revision");
        }
        String owner = form.group("owner");
        String revision = form.group("revision");
        return new RepositoryName(owner == null ? "" : owner, form.group("name"), revision == null ? "main" : revision);
    }

    /** The same repository at another revision. */
    RepositoryName at(String otherRevision) {
        return new RepositoryName(owner, name, otherRevision);
    }

    /** The name without the revision. */
    String full() {
        return owner.isEmpty() ? name : owner + "/" + name;
    }

    /** The folder's name in Hugging Face's cache. */
    String folder() {
        return "models--" + full().replace("/", "--");
    }

    @Override
    public String toString() {
        return "hf:" + full() + (revision.equals("main") ? "" : "@" + revision);
    }
}
