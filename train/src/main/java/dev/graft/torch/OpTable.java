package dev.graft.torch;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * What each operator computes, by domain, name and the version of the operator set from which that meaning holds.
 *
 * <p>A look-up takes the newest meaning that is not newer than the model's operator set, so an operator is entered once
 * for each change of meaning and never for a version that changed nothing.
 */
public final class OpTable {
    private final Map<String, NavigableMap<Long, Operator>> entries = new HashMap<>();
    private final Set<String> withoutGradient = new TreeSet<>();

    /** An operator: from a call to one value for each result of the node, in order. */
    @FunctionalInterface
    public interface Operator {
        List<? extends Value> compute(Call call);
    }

    /** An operator all of whose results are tensors. */
    @FunctionalInterface
    public interface TensorOperator {
        List<Tensor> compute(Call call);
    }

    /** Enters an operator of ONNX's own domain that has one result. */
    public void op(String name, long since, Function<Call, Tensor> body) {
        op("", name, since, body);
    }

    /** Enters an operator of any domain that has one result. */
    public void op(String domain, String name, long since, Function<Call, Tensor> body) {
        enter(domain, name, since, call -> List.of(new Value.Single(body.apply(call))));
    }

    /** Enters an operator of ONNX's own domain that has several results, trailing ones perhaps unwanted. */
    public void multi(String name, long since, TensorOperator body) {
        multi("", name, since, body);
    }

    /** Enters an operator of any domain that has several results. */
    public void multi(String domain, String name, long since, TensorOperator body) {
        enter(domain, name, since, call -> Value.all(body.compute(call)));
    }

    /** Enters an operator of ONNX's own domain whose results may be sequences, or nothing. */
    public void values(String name, long since, Operator body) {
        values("", name, since, body);
    }

    /** Enters an operator of any domain whose results may be sequences, or nothing. */
    public void values(String domain, String name, long since, Operator body) {
        enter(domain, name, since, body);
    }

    private void enter(String domain, String name, long since, Operator body) {
        var before = entries.computeIfAbsent(qualified(domain, name), key -> new TreeMap<>())
                .putIfAbsent(since, body);
        if (before != null) {
            throw new IllegalArgumentException(qualified(domain, name) + " is entered twice for version " + since);
        }
    }

    /**
     * States of operators, which are entered before, that no gradient goes back through them: whole numbers or truth values
     * come out, or the result moves in steps.
     *
     * @param names qualified
     */
    public void withoutGradient(String... names) {
        for (String name : names) {
            if (!entries.containsKey(name) || !withoutGradient.add(name)) {
                throw new IllegalArgumentException(name + " is not entered, or is stated twice to have no gradient");
            }
        }
    }

    /** The qualified names of the operators that no gradient goes back through. */
    public Set<String> withoutGradient() {
        return Collections.unmodifiableSet(withoutGradient);
    }

    /** The meaning of an operator in a version of its operator set. */
    public Optional<Operator> find(String domain, String name, long version) {
        return Optional.ofNullable(entries.get(qualified(domain, name)))
                .map(versions -> versions.floorEntry(version))
                .map(Map.Entry::getValue);
    }

    /** The versions from which each operator's meanings hold, by qualified name in alphabetical order. */
    public Map<String, List<Long>> versions() {
        var versions = new TreeMap<String, List<Long>>();
        entries.forEach((name, known) -> versions.put(name, List.copyOf(known.keySet())));
        return Collections.unmodifiableMap(versions);
    }

    /** {@code Relu}, or {@code dev.graft.Linear} for an operator outside ONNX's own domain. */
    static String qualified(String domain, String name) {
        return domain.isEmpty() ? name : domain + "." + name;
    }
}
