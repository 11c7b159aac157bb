package dev.graft.watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last quarter of an hour of one model, in slots of ten seconds; records without a lock. */
public final class Timeline {
    /** How long a slot lasts. */
    public static final Duration STEP = Duration.ofSeconds(10);

    /** Slots that are kept. */
    static final int SLOTS = 90;

    private final InstantSource clock;
    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SLOTS);

    Timeline(InstantSource clock) {
        this.clock = clock;
    }

    /** A text was looked up among the kept answers. */
    public void cache(boolean hit) {
        now().cache(hit);
    }

    /** A batch was computed: its rows, their tokens, and the tokens with padding. */
    public void batch(int rows, int tokens, int paddedTokens) {
        now().batch(rows, tokens, paddedTokens);
    }

    /** The slot that is being filled. */
    Slot now() {
        long number = number();
        int place = (int) (number % SLOTS);
        Slot slot = slots.get(place);
        while (slot == null || slot.number() != number) {
            slots.compareAndSet(place, slot, new Slot(number));
            slot = slots.get(place);
        }
        return slot;
    }

    private long number() {
        return clock.millis() / STEP.toMillis();
    }

    /** The slots of the last time that hold anything, oldest first, the one being filled included. */
    List<Slot> last(Duration time) {
        long newest = number();
        long oldest = newest - Math.min(SLOTS - 1, time.toMillis() / STEP.toMillis() - 1);
        var found = new ArrayList<Slot>();
        for (long number = oldest; number <= newest; number++) {
            Slot slot = slots.get((int) (number % SLOTS));
            if (slot != null && slot.number() == number) {
                found.add(slot);
            }
        }
        return found;
    }

    /** The last time put together. */
    Slot sum(Duration time) {
        var sum = new Slot(number());
        last(time).forEach(sum::add);
        return sum;
    }

    /** Lets go of what is too old to be shown. */
    void forget() {
        long oldest = number() - SLOTS;
        for (int i = 0; i < SLOTS; i++) {
            Slot slot = slots.get(i);
            if (slot != null && slot.number() <= oldest) {
                slots.compareAndSet(i, slot, null);
            }
        }
    }
}
