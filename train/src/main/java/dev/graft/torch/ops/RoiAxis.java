package dev.graft.torch.ops;

import dev.graft.torch.Call;

/**
 * One side of a region: the places along an axis where an image is read, bin by bin.
 *
 * @param places a coordinate for each sample of each bin
 * @param size the axis' number of elements
 * @param bins the number of bins
 * @param samples the number of places in each bin
 */
record RoiAxis(float[] places, int size, int bins, int samples) {
    /** Enough for any image, and no strain on memory. */
    private static final long MOST = 1 << 24;

    /** The side of a region from one coordinate to another; float32 as in ONNX Runtime. */
    static RoiAxis of(Call in, double from, double to, long size, long bins, boolean halfPixel) {
        float scale = (float) in.real("spatial_scale", 1);
        float shift = halfPixel ? 0.5f : 0;
        float start = (float) from * scale - shift;
        float length = (float) to * scale - shift - start;
        float bin = (halfPixel ? length : Math.max(length, 1)) / bins;
        long ratio = in.whole("sampling_ratio", 0);
        double samples = size == 0 ? 0 : ratio > 0 ? ratio : Math.max(0, Math.ceil(bin));
        if (!(samples * bins <= MOST && (double) bins * size <= MOST)) {
            throw in.refuse("reads " + bins + " bins of " + samples + " places each along an axis of size " + size);
        }
        float[] places = new float[(int) (bins * samples)];
        for (int i = 0; i < places.length; i++) {
            places[i] = start + (i / (int) samples) * bin + (i % (int) samples + 0.5f) * bin / (float) samples;
        }
        return new RoiAxis(places, (int) size, (int) bins, (int) samples);
    }

    /** The element below a place, or the one above it. */
    long[] elements(int side) {
        long[] elements = new long[places.length];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Math.min(size - 1, (long) Math.max(0, places[i]) + side);
            elements[i] = Math.max(0, elements[i]);
        }
        return elements;
    }

    /** How much the element below a place counts, or the one above it; nothing where the place lies off the image. */
    double[] weights(int side) {
        double[] weights = new double[places.length];
        for (int i = 0; i < weights.length; i++) {
            boolean on = places[i] >= -1 && places[i] <= size;
            float place = Math.max(0, places[i]);
            double above = (long) place >= size - 1 ? 0 : place - (long) place;
            weights[i] = !on ? 0 : side == 0 ? 1 - above : above;
        }
        return weights;
    }

    /** The mean over each bin's places as a matrix [bins, size]. */
    double[] means() {
        double[] means = new double[bins * size];
        for (int side = 0; side < 2; side++) {
            long[] elements = elements(side);
            double[] weights = weights(side);
            for (int i = 0; i < weights.length; i++) {
                means[i / samples * size + (int) elements[i]] += weights[i] / samples;
            }
        }
        return means;
    }
}
