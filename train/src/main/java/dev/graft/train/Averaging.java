package dev.graft.train;

import dev.graft.tensor.Array;
import dev.graft.torch.Network;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Does within a training what its {@link WeightAveraging} says. */
final class Averaging {
    private final WeightAveraging how;
    private final BestMetric metric;
    private final Function<Stage, Validation> validation;
    private final Listener listener;

    Averaging(WeightAveraging how, BestMetric metric, Function<Stage, Validation> validation, Listener listener) {
        this.how = how;
        this.metric = metric;
        this.validation = validation;
        this.listener = listener;
    }

    void afterStep(Network network, long steps) {
        average(network, how.afterStep(steps));
    }

    void afterEpoch(Network network, int epoch, int epochs) {
        average(network, how.afterEpoch(epoch, epochs));
    }

    private static void average(Network network, double share) {
        if (share > 0) {
            network.average(share);
        }
    }

    /** The score of the averages, or of the weights where there are none; training goes on with the weights. */
    Validation.Result score(Stage stage) {
        Network network = stage.network();
        Map<String, Array> mean = network.averages();
        if (mean.isEmpty()) {
            return validation.apply(stage).score(network);
        }
        Map<String, Array> present = network.weights();
        network.load(over(present, mean));
        Validation.Result result = validation.apply(stage).score(network);
        network.load(present);
        return result;
    }

    /** The weights that {@link #score} is of. */
    static Map<String, Array> scored(Network network) {
        return over(network.weights(), network.averages());
    }

    /**
     * The weights that validation prefers among those between two sets, the farther ones where they are equal.
     *
     * @param zero the weights before training
     * @param one the best ones
     */
    Map<String, Array> interpolated(Stages stages, Map<String, Array> zero, Map<String, Array> one) {
        Map<String, Array> chosen = one;
        Optional<Validation.Result> highest = Optional.empty();
        double at = 1;
        for (double point : how.interpolations()) {
            Map<String, Array> between = Interpolation.at(point, zero, one);
            Stage stage = stages.of(one.keySet(), between);
            stage.load(between);
            Validation.Result result = validation.apply(stage).score(stage.network());
            if (highest.isEmpty() || !metric.prefers(highest.get(), result)) {
                highest = Optional.of(result);
                chosen = between;
                at = point;
            }
        }
        if (highest.isPresent()) {
            listener.stage(String.format(
                    Locale.ROOT,
                    "weights kept at %s of the way from those before training to the best, of %s: validation %s %.3f",
                    at,
                    how.interpolations(),
                    highest.get().metric().name(),
                    highest.get().value()));
        }
        return chosen;
    }

    private static Map<String, Array> over(Map<String, Array> before, Map<String, Array> now) {
        Map<String, Array> all = new LinkedHashMap<>(before);
        all.putAll(now);
        return all;
    }
}
