package dev.graft.serve;

import dev.graft.Digest;
import dev.graft.GraftException;
import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A version that is a bundle on disk.
 *
 * @param identity the digest of its manifest, which holds the digests of all its files
 */
record BundleSource(String name, Path folder, String version, String identity, Opening opening) implements Source {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    /** How a bundle becomes a served model. */
    interface Opening {
        ServedModel open(String name, Path folder, String version, boolean everything);
    }

    /**
     * The versions that a folder offers: itself, or those of its numbered subfolders that a policy chooses.
     *
     * @throws InputException if there is none
     */
    static List<BundleSource> of(Offer offer, VersionPolicy policy, Opening opening) {
        Path folder = offer.folder();
        List<Long> numbers = Files.isRegularFile(folder.resolve(Manifest.FILE)) ? List.of() : numbers(folder);
        if (numbers.isEmpty()) {
            String version = ServedModel.version(Bundle.unverified(folder));
            return List.of(of(offer.name(), folder, version, opening));
        }
        return policy.chosen(offer.name(), numbers).stream()
                .map(number -> of(offer.name(), folder.resolve(number.toString()), number.toString(), opening))
                .toList();
    }

    private static BundleSource of(String name, Path folder, String version, Opening opening) {
        return new BundleSource(
                name, folder, version, Digest.of(Bundle.unverified(folder).file(Manifest.FILE)), opening);
    }

    private static List<Long> numbers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory)
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> NUMBER.matcher(name).matches())
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException("Cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void verify() {
        Bundle.open(folder);
    }

    @Override
    public long leastBytes() {
        try {
            return Files.size(folder.resolve(Bundle.MODEL));
        } catch (IOException e) {
            throw new GraftException("Cannot read " + folder.resolve(Bundle.MODEL) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean measured() {
        return true;
    }

    @Override
    public ServedModel open(boolean everything) {
        if (!Digest.of(Bundle.unverified(folder).file(Manifest.FILE)).equals(identity)) {
            throw new InputException("The bundle " + folder + " was replaced while the model '" + name
                    + "' was out of memory; POST /v2/repository/models/" + name
                    + "/load puts the new one into service");
        }
        return opening.open(name, folder, version, everything);
    }
}
