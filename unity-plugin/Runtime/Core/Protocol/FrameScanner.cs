using System;

namespace TimChatBridge
{
    // Walks a frame before it is parsed and refuses what a parser would let pass: unknown fields and bodies at any depth, a
    // field that stands twice or two bodies (a parser merges them or keeps the last: which did the script mean?), numbers
    // that do not fit their type (a parser cuts them), text that is not UTF-8 (a parser repairs it). Fields may
    // stand in any order, as protobuf allows.
    internal static class FrameScanner
    {
        private const int VersionNumber = 15;
        private const int VarintWire = 0;
        private const int LengthWire = 2;

        // Reads ToPlugin.version wherever it stands. False: the frame cannot be walked at all.
        internal static bool TryReadVersion(ReadOnlySpan<byte> frame, out uint version)
        {
            version = 0;
            int at = 0;
            while (at < frame.Length)
            {
                if (!TryReadTag(frame, ref at, out int number, out int wire))
                {
                    return false;
                }

                if (wire == VarintWire)
                {
                    if (!TryReadVarint(frame, ref at, out ulong value))
                    {
                        return false;
                    }

                    version = number == VersionNumber ? (uint)Math.Min(value, uint.MaxValue) : version;
                }
                else if (wire == LengthWire)
                {
                    if (!TryReadLength(frame, ref at, out int length))
                    {
                        return false;
                    }

                    at += length;
                }
                else if (!TrySkipFixed(frame, ref at, wire))
                {
                    return false;
                }
            }

            return true;
        }

        // Null: the frame is a message of that shape, whole and unambiguous. Otherwise what is wrong, and where.
        internal static string? Refusal(ReadOnlySpan<byte> frame, FrameShape shape)
        {
            uint seen = 0;
            int oneofs = 0;
            int at = 0;
            while (at < frame.Length)
            {
                if (!TryReadTag(frame, ref at, out int number, out int wire))
                {
                    return $"{shape.Name}: a field's tag is broken or cut off";
                }

                FieldShape field = shape.Field(number);
                if (field.Name == null)
                {
                    return $"{shape.Name}: field {number} is not known";
                }

                if (wire != (IsLengthKind(field.Kind) ? LengthWire : VarintWire))
                {
                    return $"{shape.Name}.{field.Name}: wire type {wire} is not that of its type";
                }

                if (!field.Repeated && (seen & (1u << number)) != 0)
                {
                    return $"{shape.Name}.{field.Name}: stands twice";
                }

                seen |= 1u << number;
                if (field.Oneof != 0)
                {
                    if ((oneofs & (1 << field.Oneof)) != 0)
                    {
                        return $"{shape.Name}.{field.Name}: stands beside another of which only one may";
                    }

                    oneofs |= 1 << field.Oneof;
                }

                if (wire == VarintWire)
                {
                    if (!TryReadVarint(frame, ref at, out ulong value))
                    {
                        return $"{shape.Name}.{field.Name}: the number is broken or cut off";
                    }

                    if (!Fits(value, field))
                    {
                        return $"{shape.Name}.{field.Name}: the number is not one of its type";
                    }

                    continue;
                }

                if (!TryReadLength(frame, ref at, out int length))
                {
                    return $"{shape.Name}.{field.Name}: cut off";
                }

                ReadOnlySpan<byte> content = frame.Slice(at, length);
                at += length;
                if (field.Kind == FieldKind.Text && !StrictUtf8.IsValid(content))
                {
                    return $"{shape.Name}.{field.Name}: not valid UTF-8";
                }

                string? inner = field.Message == null ? null : Refusal(content, field.Message);
                if (inner != null)
                {
                    return inner;
                }
            }

            return null;
        }

        private static bool IsLengthKind(FieldKind kind) =>
            kind == FieldKind.Bytes || kind == FieldKind.Text || kind == FieldKind.Message;

        private static bool Fits(ulong value, FieldShape field)
        {
            switch (field.Kind)
            {
                case FieldKind.Bool:
                    return value <= 1;
                case FieldKind.Enum:
                    return value <= (ulong)field.EnumLast;
                case FieldKind.UInt64:
                    return true;
                default:
                    return value <= uint.MaxValue;
            }
        }

        private static bool TryReadTag(ReadOnlySpan<byte> frame, ref int at, out int number, out int wire)
        {
            bool read = TryReadVarint(frame, ref at, out ulong tag);
            number = (int)Math.Min(tag >> 3, int.MaxValue);
            wire = (int)(tag & 7);
            return read && tag <= uint.MaxValue && number != 0;
        }

        private static bool TryReadLength(ReadOnlySpan<byte> frame, ref int at, out int length)
        {
            bool read = TryReadVarint(frame, ref at, out ulong value);
            length = (int)Math.Min(value, int.MaxValue);
            return read && length <= frame.Length - at;
        }

        private static bool TrySkipFixed(ReadOnlySpan<byte> frame, ref int at, int wire)
        {
            int size = wire == 1 ? 8 : wire == 5 ? 4 : int.MaxValue;
            if (size > frame.Length - at)
            {
                return false;
            }

            at += size;
            return true;
        }

        private static bool TryReadVarint(ReadOnlySpan<byte> frame, ref int at, out ulong value)
        {
            value = 0;
            for (int shift = 0; shift < 70 && at < frame.Length; shift += 7)
            {
                byte next = frame[at++];
                if (shift == 63 && next > 1)
                {
                    return false;
                }

                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
