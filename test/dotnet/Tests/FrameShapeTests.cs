using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // The scanner's tables say what proto/chatbridge/v1 says.
    public sealed class FrameShapeTests
    {
        [Test]
        public void TheTablesAreTheDescriptors()
        {
            int messages = 0;
            Compare(FrameShape.ToPlugin, ToPlugin.Descriptor, ref messages);
            Assert.That(messages, Is.GreaterThan(15));
        }

        private static void Compare(FrameShape shape, MessageDescriptor descriptor, ref int messages)
        {
            messages++;
            for (int number = 1; number <= shape.LastNumber; number++)
            {
                FieldShape field = shape.Field(number);
                FieldDescriptor? expected = descriptor.FindFieldByNumber(number);
                string where = $"{descriptor.Name} field {number}";
                Assert.That(field.Name, Is.EqualTo(expected?.Name), where);
                if (expected == null)
                {
                    continue;
                }

                Assert.That(field.Kind, Is.EqualTo(Kinds[expected.FieldType]), where);
                Assert.That(field.Repeated, Is.EqualTo(expected.IsRepeated), where);
                Assert.That(field.Oneof, Is.EqualTo(expected.RealContainingOneof == null ? 0 : expected.RealContainingOneof.Index + 1), where);
                if (expected.FieldType == FieldType.Enum)
                {
                    int[] values = expected.EnumType.Values.Select(value => value.Number).ToArray();
                    Assert.That(values, Is.EqualTo(Enumerable.Range(0, field.EnumLast + 1)), where);
                }

                if (expected.FieldType == FieldType.Message)
                {
                    Compare(field.Message!, expected.MessageType, ref messages);
                }
            }

            Assert.That(descriptor.Fields.InFieldNumberOrder().Max(field => (int?)field.FieldNumber) ?? 0, Is.LessThanOrEqualTo(shape.LastNumber));
        }

        private static readonly Dictionary<FieldType, FieldKind> Kinds = new Dictionary<FieldType, FieldKind>
        {
            [FieldType.UInt32] = FieldKind.UInt32,
            [FieldType.UInt64] = FieldKind.UInt64,
            [FieldType.SInt32] = FieldKind.SInt32,
            [FieldType.Bool] = FieldKind.Bool,
            [FieldType.Enum] = FieldKind.Enum,
            [FieldType.Bytes] = FieldKind.Bytes,
            [FieldType.String] = FieldKind.Text,
            [FieldType.Message] = FieldKind.Message,
        };
    }
}
