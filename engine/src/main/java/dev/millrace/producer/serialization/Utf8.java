package dev.millrace.producer.serialization;

/** UTF-8 as RFC 3629 §3 has it, byte for byte what {@link String#getBytes} gives, without its array. */
final class Utf8 {

    static final int MAX_BYTES_PER_CHAR = 3;
    static final char FIRST_OF_TWO_BYTES = 0x80;

    private static final char FIRST_OF_THREE_BYTES = 0x800;

    private Utf8() {}

    /**
     * Encodes the text from character {@code from} on.
     *
     * @param target has room for {@value #MAX_BYTES_PER_CHAR} bytes for each character
     * @return where the bytes end in {@code target}
     */
    static int encode(String text, int from, byte[] target, int start) {
        int at = start;
        int chars = text.length();
        for (int i = from; i < chars; i++) {
            char next = text.charAt(i);
            if (next < FIRST_OF_TWO_BYTES) {
                target[at++] = (byte) next;
            } else if (next < FIRST_OF_THREE_BYTES) {
                target[at++] = (byte) (0xc0 | (next >> 6));
                target[at++] = continuation(next);
            } else if (!Character.isSurrogate(next)) {
                target[at++] = (byte) (0xe0 | (next >> 12));
                target[at++] = continuation(next >> 6);
                target[at++] = continuation(next);
            } else if (isPair(text, i)) {
                at = encodePair(Character.toCodePoint(next, text.charAt(++i)), target, at);
            } else {
                target[at++] = '?';
            }
        }
        return at;
    }

    private static boolean isPair(String text, int high) {
        return high + 1 < text.length() && Character.isSurrogatePair(text.charAt(high), text.charAt(high + 1));
    }

    private static int encodePair(int codePoint, byte[] target, int at) {
        target[at] = (byte) (0xf0 | (codePoint >> 18));
        target[at + 1] = continuation(codePoint >> 12);
        target[at + 2] = continuation(codePoint >> 6);
        target[at + 3] = continuation(codePoint);
        return at + 4;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }
}
