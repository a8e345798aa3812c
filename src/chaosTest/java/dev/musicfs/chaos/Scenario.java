package dev.musicfs.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What goes wrong, while what is done. */
record Scenario(Protocol protocol, Fault fault, Activity activity) {
    /** What a user does. */
    enum Activity {
        FIRST_SCAN,
        PLAY,
        SEEK,
        TWENTY_READERS
    }

    /**
     * Those of a protocol to be run: all of them with {@code musicfs.chaos.full}; else every fault while a track plays,
     * and each other pair of fault and activity over one of the protocols.
     */
    static Stream<Scenario> of(Protocol protocol) {
        boolean full = Boolean.getBoolean("musicfs.chaos.full");
        return Arrays.stream(Activity.values())
                .flatMap(
                        activity -> Arrays.stream(Fault.values()).map(fault -> new Scenario(protocol, fault, activity)))
                .filter(scenario -> full || scenario.isOrdinary());
    }

    private boolean isOrdinary() {
        int turn = List.of(Fault.values()).indexOf(fault)
                + List.of(Activity.values()).indexOf(activity);
        List<Protocol> protocols = List.of(Protocol.values());
        return activity == Activity.PLAY || protocols.get(turn % protocols.size()) == protocol;
    }

    /** Whether an error is an answer: always when many share what is merely slow, since together they may wait too long. */
    boolean mayFailReads() {
        return fault.mayFailReads() || (activity == Activity.TWENTY_READERS && fault != Fault.SLOW_CLOSE);
    }

    @Override
    public String toString() {
        return protocol + " "
                + activity.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " " + fault.title();
    }
}
