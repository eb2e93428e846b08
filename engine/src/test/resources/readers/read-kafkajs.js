// read-kafkajs.js SERVERS TOPIC COUNT: prints each record in a line, with blanks between its parts: partition, offset,
// timestamp, key, value, and name and value of each header. Bytes are in base64 after a '=', null is '-'.
const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = require('kafkajs')
const lz4 = require('lz4js')
const zstd = require('fzstd')

CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')
CompressionCodecs[CompressionTypes.LZ4] = () => ({ decompress: async buffer => Buffer.from(lz4.decompress(buffer)) })
CompressionCodecs[CompressionTypes.ZSTD] = () => ({ decompress: async buffer => Buffer.from(zstd.decompress(buffer)) })

const [servers, topic, count] = process.argv.slice(2)
const bytes = data => (data === null || data === undefined ? '-' : '=' + Buffer.from(data).toString('base64'))

async function read() {
  const consumer = new Kafka({ brokers: servers.split(','), logLevel: logLevel.ERROR }).consumer({ groupId: topic })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise((done, failed) => {
    let left = Number(count)
    consumer.on(consumer.events.CRASH, event => failed(event.payload.error))
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          const headers = Object.entries(message.headers ?? {}).flatMap(([name, values]) =>
            [values].flat().flatMap(value => [bytes(name), bytes(value)])
          )
          const parts = [partition, message.offset, message.timestamp, bytes(message.key), bytes(message.value)]
          process.stdout.write([...parts, ...headers].join(' ') + '\n')
          if (--left === 0) done()
        },
      })
      .catch(failed)
  })
  await consumer.disconnect()
}

read().catch(error => {
  console.error(error)
  process.exit(1)
})
