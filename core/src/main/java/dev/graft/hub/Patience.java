package dev.graft.hub;

import dev.graft.GraftException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Set;

/** Asks again where an endpoint is busy or a connection was cut, a few times and not for long. */
final class Patience {
    private static final int TRIES = 4;
    private static final long LONGEST_WAIT_SECONDS = 20;
    private static final Set<Integer> BUSY = Set.of(429, 500, 502, 503, 504);

    private final String subject;

    Patience(String subject) {
        this.subject = subject;
    }

    /** One request. */
    @FunctionalInterface
    interface Ask<T> {
        HttpResponse<T> send() throws IOException, InterruptedException;
    }

    /** The first answer that does not ask to wait, or the last one. */
    <T> HttpResponse<T> ask(Ask<T> ask) {
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<T> answer = ask.send();
                long wait = wait(answer, attempt);
                if (!BUSY.contains(answer.statusCode()) || attempt == TRIES || wait > LONGEST_WAIT_SECONDS) {
                    return answer;
                }
                pause(wait);
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new GraftException(
                            "Fetching " + subject + " failed: " + reason(e)
                                    + "; check the connection, or use --offline with a model that is here",
                            e);
                }
                pause(backOff(attempt));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static long wait(HttpResponse<?> answer, int attempt) {
        return HubErrors.retryAfter(answer.headers()).orElse(backOff(attempt));
    }

    private static long backOff(int attempt) {
        return attempt - 1L;
    }

    private void pause(long seconds) {
        try {
            Thread.sleep(1000 * seconds);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private GraftException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new GraftException("Fetching " + subject + " was interrupted; the same command goes on where it was", e);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
