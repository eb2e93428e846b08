// install-kafkajs.js DIR: unpacks kafkajs and the codecs it lacks into DIR/node_modules, from the npm registry. The
// checksums are the registry's own.
const { createHash } = require('node:crypto')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const packages = [
  ['kafkajs', '2.2.4', 'j/YeapB1vfPT2iOIUn/vxdyKEuhuY2PxMBvf5JWux6iSaukAccrMtXEY/Lb7OvavDhOWME589bpLrEdnVHjfjA=='],
  ['kafkajs-snappy', '1.1.0', 'M4h2WhlxhXmR64z8nwzfGa1Dhhz78vykRfySRL8tuYQ8e6JSOuclbF2FJ8jeMJP3EZWw3uhjvwHlz7Ucu3UdWA=='],
  ['snappyjs', '0.7.0', 'u5iEEXkMe2EInQio6Wv9LWHOQYRDbD2O9hzS27GpT/lwfIQhTCnHCTqedqHIHe9ZcvQo+9au6vngQayipz1NYw=='],
  ['lz4js', '0.2.0', 'gY2Ia9Lm7Ep8qMiuGRhvUq0Q7qUereeldZPP1PMEJxPtEWHJLqw9pgX68oHajBH0nzJK4MaZEA/YNV3jT8u8Bg=='],
  ['fzstd', '0.1.1', 'dkuVSOKKwh3eas5VkJy1AW1vFpet8TA/fGmVA5krThl8YcOVE/8ZIoEA1+U1vEn5ckxxhLirSdY837azmbaNHA=='],
]

async function install(target) {
  fs.mkdirSync(path.dirname(target), { recursive: true })
  const work = fs.mkdtempSync(path.join(path.dirname(target), '.install-'))
  for (const [name, version, sha512] of packages) {
    const url = `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const found = createHash('sha512').update(bytes).digest('base64')
    if (found !== sha512) throw new Error(`${url}: sha512 is ${found}, not ${sha512}`)
    const directory = path.join(work, 'node_modules', name)
    fs.mkdirSync(directory, { recursive: true })
    execFileSync('tar', ['-xz', '--strip-components=1', '-C', directory], { input: bytes })
  }
  fs.chmodSync(work, 0o755)
  fs.rmSync(target, { recursive: true, force: true })
  fs.renameSync(work, target)
}

install(process.argv[2]).catch(error => {
  console.error(error.message, error.cause ?? '')
  process.exit(3)
})
