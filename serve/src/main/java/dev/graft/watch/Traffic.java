package dev.graft.watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** What goes through a service, by model. */
public final class Traffic {
    private final InstantSource clock;
    private final Timeline unnamed;
    private final ConcurrentMap<String, Timeline> models = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<IntSupplier>> queues = new ConcurrentHashMap<>();

    Traffic(InstantSource clock) {
        this.clock = clock;
        this.unnamed = new Timeline(clock);
    }

    /** A model's timeline, which all its versions share. */
    public Timeline of(String model) {
        return models.computeIfAbsent(model, name -> new Timeline(clock));
    }

    /** Says where to look how many texts wait for one version of a model. */
    public void watch(String model, IntSupplier queued) {
        queues.computeIfAbsent(model, first -> new CopyOnWriteArrayList<>()).add(queued);
    }

    /** Looks there no longer. */
    public void unwatch(String model, IntSupplier queued) {
        List<IntSupplier> all = queues.get(model);
        if (all != null) {
            all.remove(queued);
        }
    }

    void ended(Optional<String> model, Outcome outcome, long nanos) {
        model.map(this::of).orElse(unnamed).now().request(outcome, nanos);
    }

    /** Writes down how many texts wait, and forgets what is old. */
    void look() {
        queues.keySet().forEach(model -> of(model).now().queued(queued(model)));
        all().forEach(Timeline::forget);
    }

    Map<String, Timeline> models() {
        return models;
    }

    /** Texts that wait for a model now, whichever version. */
    int queued(String model) {
        return queues.getOrDefault(model, List.of()).stream()
                .mapToInt(IntSupplier::getAsInt)
                .sum();
    }

    /** Everything of the last time put together, whichever model was asked. */
    Slot sum(Duration time) {
        var sum = new Slot(0);
        all().forEach(timeline -> sum.add(timeline.sum(time)));
        return sum;
    }

    /** One slot for each of the last steps, oldest first, without the one that is being filled. */
    List<Slot> steps(int count) {
        long newest = clock.millis() / Timeline.STEP.toMillis();
        Slot[] steps = new Slot[Math.min(count, Timeline.SLOTS - 1)];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new Slot(newest - steps.length + i);
        }
        Duration whole = Timeline.STEP.multipliedBy(Timeline.SLOTS);
        all().flatMap(timeline -> timeline.last(whole).stream())
                .filter(slot -> slot.number() >= steps[0].number() && slot.number() < newest)
                .forEach(slot -> steps[(int) (slot.number() - steps[0].number())].add(slot));
        return List.of(steps);
    }

    private Stream<Timeline> all() {
        return Stream.concat(Stream.of(unnamed), models.values().stream());
    }
}
