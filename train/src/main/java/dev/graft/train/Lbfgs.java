package dev.graft.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Finds where a smooth convex function is smallest, by limited-memory BFGS (Liu and Nocedal 1989).
 *
 * @param memory steps that are remembered, 1 or more
 * @param tolerance the search ends when the gradient's largest value is below this, or the function falls by less than
 *     a hundredth of it in a step
 * @param mostSteps after which the search ends in any case
 */
record Lbfgs(int memory, double tolerance, int mostSteps) {
    private static final double ARMIJO = 1e-4;
    private static final double FLATTEST = 0.01;
    private static final int MOST_HALVINGS = 30;

    /** A function with its gradient. */
    @FunctionalInterface
    interface Function {
        /** The value at a point; writes the gradient there. */
        double at(float[] point, float[] gradient);
    }

    /** A step that was taken: how the point and how the gradient changed. */
    private record Step(float[] point, float[] gradient, double product) {}

    /** The lowest point found from a start, which is left as it is. */
    float[] minimum(Function function, float[] start) {
        float[] point = start.clone();
        float[] gradient = new float[point.length];
        double value = function.at(point, gradient);
        Deque<Step> steps = new ArrayDeque<>();
        for (int i = 0; i < mostSteps && largest(gradient) > tolerance; i++) {
            float[] direction = direction(steps, gradient);
            double slope = dot(direction, gradient);
            if (!(slope < 0)) {
                return point;
            }
            double length = steps.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
            float[] next = new float[point.length];
            float[] nextGradient = new float[point.length];
            double nextValue = Double.POSITIVE_INFINITY;
            for (int halvings = 0; halvings < MOST_HALVINGS; halvings++) {
                along(point, direction, length, next);
                nextValue = function.at(next, nextGradient);
                if (nextValue <= value + ARMIJO * length * slope) {
                    break;
                }
                length *= shorter(value, nextValue, slope * length);
            }
            if (!(nextValue < value)) {
                return point;
            }
            remember(steps, point, next, gradient, nextGradient);
            double fall = value - nextValue;
            point = next;
            gradient = nextGradient;
            value = nextValue;
            if (fall < tolerance * FLATTEST) {
                return point;
            }
        }
        return point;
    }

    /** The factor by which a parabola through both values says that the step is too long, kept within bounds. */
    private static double shorter(double value, double reached, double slope) {
        double factor = -slope / (2 * (reached - value - slope));
        return Double.isFinite(factor) ? Math.min(0.5, Math.max(0.1, factor)) : 0.1;
    }

    private void remember(Deque<Step> steps, float[] point, float[] next, float[] gradient, float[] nextGradient) {
        float[] moved = difference(next, point);
        float[] changed = difference(nextGradient, gradient);
        double product = dot(moved, changed);
        if (product > 0) {
            steps.addLast(new Step(moved, changed, product));
            if (steps.size() > memory) {
                steps.removeFirst();
            }
        }
    }

    /** The two-loop recursion. */
    private static float[] direction(Deque<Step> steps, float[] gradient) {
        float[] direction = gradient.clone();
        double[] factors = new double[steps.size()];
        int at = steps.size();
        for (Iterator<Step> newest = steps.descendingIterator(); newest.hasNext(); ) {
            Step step = newest.next();
            factors[--at] = dot(step.point(), direction) / step.product();
            add(direction, step.gradient(), (float) -factors[at]);
        }
        if (!steps.isEmpty()) {
            Step last = steps.getLast();
            scale(direction, (float) (last.product() / dot(last.gradient(), last.gradient())));
        }
        for (Step step : steps) {
            double share = dot(step.gradient(), direction) / step.product();
            add(direction, step.point(), (float) (factors[at++] - share));
        }
        scale(direction, -1);
        return direction;
    }

    /** Four sums side by side: one alone would wait for each addition to end before the next. */
    private static double dot(float[] a, float[] b) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int whole = a.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            first += (double) a[i] * b[i];
            second += (double) a[i + 1] * b[i + 1];
            third += (double) a[i + 2] * b[i + 2];
            fourth += (double) a[i + 3] * b[i + 3];
        }
        for (int i = whole; i < a.length; i++) {
            first += (double) a[i] * b[i];
        }
        return first + second + (third + fourth);
    }

    private static void add(float[] to, float[] other, float factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * other[i];
        }
    }

    private static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    private static void along(float[] point, float[] direction, double length, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) (point[i] + length * direction[i]);
        }
    }

    private static float[] difference(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
