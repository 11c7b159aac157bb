package dev.graft.models;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** Recordings as networks want them. */
final class Sounds {
    private static final float LOUDEST = 32768;

    private Sounds() {}

    /** A recording of 16-bit samples at 8 kHz, as samples at 16 kHz from -1 to 1. */
    static float[] at16kHz(Path wav) {
        try (AudioInputStream in =
                AudioSystem.getAudioInputStream(new BufferedInputStream(Files.newInputStream(wav)))) {
            byte[] bytes = in.readAllBytes();
            float[] samples = new float[bytes.length / 2];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) (bytes[2 * i] & 255 | bytes[2 * i + 1] << 8) / LOUDEST;
            }
            return doubled(samples);
        } catch (IOException | UnsupportedAudioFileException e) {
            throw new UncheckedIOException(new IOException(wav.toString(), e));
        }
    }

    private static float[] doubled(float[] samples) {
        float[] twice = new float[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            float next = samples[Math.min(i + 1, samples.length - 1)];
            twice[2 * i] = samples[i];
            twice[2 * i + 1] = (samples[i] + next) / 2;
        }
        return twice;
    }
}
