package dev.graft.hub;

import dev.graft.GraftException;
import dev.graft.InputException;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;

/** What an endpoint's refusals mean to the user. */
final class HubErrors {
    private HubErrors() {}

    /** Throws unless the status is a success or a redirect. */
    static void check(String subject, int status, HttpHeaders headers) {
        if (status / 100 == 2 || status / 100 == 3) {
            return;
        }
        switch (status) {
            case 401 ->
                throw new InputException(subject + " does not exist on Hugging Face or needs a token (401); check"
                        + " the name, or set HF_TOKEN to a token that may read it");
            case 403 ->
                throw new InputException(subject + " may not be read with this token (403); accept the model's"
                        + " terms on its page on Hugging Face, or set HF_TOKEN to another token");
            case 429 ->
                throw new GraftException("Hugging Face asks for fewer requests (429) for " + subject + "; try again "
                        + later(headers) + ", or set HF_TOKEN, which allows more");
            default ->
                throw new GraftException(
                        "Fetching " + subject + " failed with HTTP status " + status + "; try again later");
        }
    }

    private static String later(HttpHeaders headers) {
        OptionalLong seconds = retryAfter(headers);
        return seconds.isPresent() ? "in " + seconds.getAsLong() + " seconds" : "later";
    }

    /** Throws if a 404 speaks of the repository or the revision and not of one file. */
    static void checkExists(RepositoryName name, HttpHeaders headers) {
        String code = headers.firstValue("x-error-code").orElse("");
        if (code.equals("RepoNotFound")) {
            throw new InputException("There is no model " + name.full() + " on Hugging Face (404); check the name");
        }
        if (code.equals("RevisionNotFound")) {
            throw new InputException("The model " + name.full() + " has no revision '" + name.revision()
                    + "' (404); check what follows the @");
        }
    }

    /** The seconds that an answer asks to wait; dates are not read. */
    static OptionalLong retryAfter(HttpHeaders headers) {
        try {
            return headers.firstValueAsLong("retry-after");
        } catch (NumberFormatException date) {
            return OptionalLong.empty();
        }
    }
}
