package dev.graft.serve;

import dev.graft.data.Encoding;
import dev.graft.predict.Answer;
import dev.graft.predict.Answered;
import dev.graft.predict.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A batch job's texts, answered through the queue that callers' requests go through: one slice at a time, behind all
 * of theirs, and so short that a request that comes meanwhile hardly waits for it.
 */
final class JobAnswers implements Iterator<Answer> {
    private static final int WINDOW = 256;
    private static final long CHARACTERS = 1L << 20;
    private static final double SLICE_NANOS = Duration.ofMillis(25).toNanos();
    private static final long GLANCE_MS = 50;

    private final Iterator<String> texts;
    private final ServedModel model;
    private final int mostRows;
    private final BooleanSupplier stopping;
    private Iterator<Answer> current = List.<Answer>of().iterator();

    /** @param stopping asked between slices, and while one waits */
    JobAnswers(Iterator<String> texts, ServedModel model, int mostRows, BooleanSupplier stopping) {
        this.texts = texts;
        this.model = model;
        this.mostRows = mostRows;
        this.stopping = stopping;
    }

    @Override
    public boolean hasNext() {
        return current.hasNext() || texts.hasNext();
    }

    @Override
    public Answer next() {
        if (!current.hasNext()) {
            if (!texts.hasNext()) {
                throw new NoSuchElementException();
            }
            current = answers(window()).iterator();
        }
        return current.next();
    }

    private List<String> window() {
        var window = new ArrayList<String>();
        long characters = 0;
        while (texts.hasNext() && window.size() < WINDOW && characters < CHARACTERS) {
            String text = texts.next();
            window.add(text);
            characters += text.length();
        }
        return window;
    }

    /** Slices hold texts of similar length; the answers come in the order of the texts. */
    private List<Answer> answers(List<String> window) {
        List<Encoding> encodings = model.model().encode(window);
        List<Integer> byLength = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> encodings.get(i).length()))
                .toList();
        var answers = new Answer[encodings.size()];
        for (int from = 0; from < byLength.size(); ) {
            List<Integer> slice = byLength.subList(from, from + rows(encodings, byLength, from));
            Iterator<Answered> answered =
                    computed(slice.stream().map(encodings::get).toList()).iterator();
            for (int row : slice) {
                answers[row] = Answer.of(
                        model.model().reading(), answered.next().outputs().logits());
            }
            from += slice.size();
        }
        return List.of(answers);
    }

    private int rows(List<Encoding> encodings, List<Integer> byLength, int from) {
        int rows = 1;
        while (rows < mostRows && from + rows < byLength.size()) {
            int longest = encodings.get(byLength.get(from + rows)).length();
            if (model.cost().nanos(rows + 1, longest) > SLICE_NANOS) {
                break;
            }
            rows++;
        }
        return rows;
    }

    private List<Answered> computed(List<Encoding> slice) {
        while (true) {
            if (stopping.getAsBoolean()) {
                throw new JobStopped();
            }
            try {
                return joined(model.computeBehind(slice));
            } catch (RefusedException refused) {
                if (refused.reason() != RefusedException.Reason.QUEUE_FULL) {
                    throw Problems.of(refused);
                }
                pause();
            }
        }
    }

    private List<Answered> joined(List<CompletableFuture<Answered>> answers) {
        var all = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
        while (true) {
            try {
                all.get(GLANCE_MS, TimeUnit.MILLISECONDS);
                return answers.stream().map(CompletableFuture::join).toList();
            } catch (TimeoutException e) {
                if (stopping.getAsBoolean()) {
                    answers.forEach(answer -> answer.cancel(false));
                    throw new JobStopped();
                }
            } catch (ExecutionException e) {
                throw Problems.of(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new JobStopped();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(GLANCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStopped();
        }
    }
}
