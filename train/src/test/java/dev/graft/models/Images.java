package dev.graft.models;

import dev.graft.tensor.Array;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Pictures as networks want them: [rows, channels, height, width], each value (v - mean) / deviation of v from 0 to 1.
 *
 * @param mean a value for each of red, green and blue; one alone stands for grey pictures
 */
record Images(int width, int height, List<Double> mean, List<Double> deviation) {
    private static final double WHITE = 255;
    /** The share of red, green and blue in brightness. Source: ITU-R BT.601. */
    private static final double[] BRIGHTNESS = {0.299, 0.587, 0.114};

    static Images square(int size, List<Double> mean, List<Double> deviation) {
        return new Images(size, size, mean, deviation);
    }

    /** What networks that were trained on ImageNet mostly want. */
    static Images imageNet(int size) {
        return square(size, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    }

    /** From -1 to 1. */
    static Images centred(int width, int height) {
        return new Images(width, height, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
    }

    /** From 0 to 1. */
    static Images plain(int size, int channels) {
        return square(
                size,
                List.of(0.0, 0.0, 0.0).subList(0, channels),
                List.of(1.0, 1.0, 1.0).subList(0, channels));
    }

    Array of(List<Path> files) {
        return ofBytes(files.stream().map(Images::bytes).toList());
    }

    Array ofBytes(List<byte[]> files) {
        int size = mean.size() * height * width;
        float[] all = new float[files.size() * size];
        for (int row = 0; row < files.size(); row++) {
            write(scaled(files.get(row)), all, row * size);
        }
        return Array.of(all, files.size(), mean.size(), height, width);
    }

    private void write(BufferedImage image, float[] target, int start) {
        int channels = mean.size();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = image.getRGB(x, y);
                double[] colours = {(pixel >> 16 & 255) / WHITE, (pixel >> 8 & 255) / WHITE, (pixel & 255) / WHITE};
                for (int c = 0; c < channels; c++) {
                    double value = channels == 1 ? brightness(colours) : colours[c];
                    target[start + (c * height + y) * width + x] = (float) ((value - mean.get(c)) / deviation.get(c));
                }
            }
        }
    }

    private static double brightness(double[] colours) {
        return BRIGHTNESS[0] * colours[0] + BRIGHTNESS[1] * colours[1] + BRIGHTNESS[2] * colours[2];
    }

    private BufferedImage scaled(byte[] file) {
        try (InputStream in = new ByteArrayInputStream(file)) {
            BufferedImage image = ImageIO.read(in);
            BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            if (image.getWidth() < width) {
                enlarge(image, target);
            } else {
                Image scaled = image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
                target.createGraphics().drawImage(scaled, 0, 0, null);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Averages of areas would leave blocks. */
    private void enlarge(BufferedImage image, BufferedImage target) {
        Graphics2D graphics = target.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
